// The kernels as operations of TensorFlow, registered by its C interface when the addon is loaded.
#include <tensorflow/c/kernels.h>
#include <tensorflow/c/ops.h>
#include <tensorflow/c/tf_tensor.h>

#include <cstdio>
#include <initializer_list>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "kernels.h"
#include "memory.h"

namespace {

/** Inputs and outputs of one call; what went wrong first ends it. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    for (int i = 0; i < count_; i++) TF_DeleteTensor(held_[i]);
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelContext_Failure(context_, status_);
    TF_DeleteStatus(status_);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  bool is_right() const { return TF_GetCode(status_) == TF_OK; }

  /** Fails the call unless it holds. */
  bool require(bool holds, const char* what) {
    if (is_right() && !holds) TF_SetStatus(status_, TF_INVALID_ARGUMENT, what);
    return is_right();
  }

  /** Computes; where there is no memory for it, the call fails. */
  template <typename Work>
  void compute(const Work& work) {
    try {
      work();
    } catch (...) {
      TF_SetStatus(status_, TF_RESOURCE_EXHAUSTED, "no memory for what is computed on the way");
    }
  }

  // Both do nothing once something went wrong: the library would take the next success for that of all.
  TF_Tensor* input(int i) {
    if (!is_right()) return nullptr;
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, i, &tensor, status_);
    if (is_right()) held_[count_++] = tensor;
    return tensor;
  }

  float* output(int i, std::initializer_list<int64_t> shape) {
    if (!is_right()) return nullptr;
    int64_t count = 1;
    for (const int64_t size : shape) count *= size;
    TF_Tensor* tensor = TF_AllocateOutput(context_, i, TF_FLOAT, shape.begin(), int(shape.size()),
                                          sizeof(float) * count, status_);
    if (!is_right()) return nullptr;
    held_[count_++] = tensor;
    in_large_pages(TF_TensorData(tensor), sizeof(float) * count);
    return static_cast<float*>(TF_TensorData(tensor));
  }

 private:
  TF_OpKernelContext* const context_;
  TF_Status* const status_;
  TF_Tensor* held_[40];
  int count_ = 0;
};

float* data(TF_Tensor* tensor) { return static_cast<float*>(TF_TensorData(tensor)); }

bool has_shape(TF_Tensor* tensor, std::initializer_list<int64_t> shape) {
  if (TF_NumDims(tensor) != int(shape.size())) return false;
  int i = 0;
  for (const int64_t size : shape) {
    if (TF_Dim(tensor, i++) != size) return false;
  }
  return true;
}

/** How the kernels are asked: attributes as they were when the operation was made. */
struct Asked {
  bool wants_x = true;
  bool last_only = false;
  int heads = 1;
};

const Asked& asked(void* kernel) { return *static_cast<const Asked*>(kernel); }

LstmSizes sizes_of(Call& call, TF_Tensor* x, TF_Tensor* kernel, TF_Tensor* bias) {
  if (!call.require(TF_NumDims(x) == 3 && TF_NumDims(bias) == 1 && TF_Dim(bias, 0) % 4 == 0,
                    "expected x as steps × batch × inputs and bias as 4·units"))
    return {};
  const int64_t units = TF_Dim(bias, 0) / 4;
  const LstmSizes size = {int(TF_Dim(x, 0)), int(TF_Dim(x, 1)), int(TF_Dim(x, 2)), int(units)};
  call.require(has_shape(kernel, {size.inputs + units, 4 * units}),
               "expected kernel as (inputs + units) × 4·units");
  return size;
}

void lstm(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* const x = call.input(0);
  TF_Tensor* const kernel = call.input(1);
  TF_Tensor* const bias = call.input(2);
  if (!call.is_right()) return;
  const LstmSizes size = sizes_of(call, x, kernel, bias);
  if (!call.is_right()) return;
  const auto [steps, batch, inputs, units] = size;
  float* const hidden = call.output(0, {steps, batch, units});
  float* const cell = call.output(1, {steps, batch, units});
  float* const gates = call.output(2, {steps, batch, 4 * units});
  if (!call.is_right()) return;
  call.compute([&] {
    tickbook_kernels().lstm_forward(size, data(x), {data(kernel), data(bias)},
                                    {hidden, cell, gates});
  });
}

void lstm_gradient(void* kernel_asked, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* in[7];
  for (int i = 0; i < 7; i++) in[i] = call.input(i);
  if (!call.is_right()) return;
  const auto [x, kernel, bias, hidden, cell, gates, slope] = in;
  const LstmSizes size = sizes_of(call, x, kernel, bias);
  if (!call.is_right()) return;
  const auto [steps, batch, inputs, units] = size;
  if (!call.require(has_shape(hidden, {steps, batch, units}) &&
                        has_shape(cell, {steps, batch, units}) &&
                        has_shape(gates, {steps, batch, 4 * units}) &&
                        has_shape(slope, {steps, batch, units}),
                    "expected states and slopes as steps × batch × units, gates as 4·units"))
    return;
  const bool is_asked = asked(kernel_asked).wants_x;
  float* const x_gradient = is_asked ? call.output(0, {steps, batch, inputs}) : call.output(0, {0});
  float* const kernel_gradient = call.output(1, {inputs + units, 4 * units});
  float* const bias_gradient = call.output(2, {4 * units});
  if (!call.is_right()) return;
  const LstmWeights weights = {data(kernel), data(bias)};
  const LstmStates states = {data(hidden), data(cell), data(gates)};
  const LstmGradients gradients = {is_asked ? x_gradient : nullptr, kernel_gradient, bias_gradient};
  call.compute([&] {
    tickbook_kernels().lstm_backward(size, data(x), weights, states, data(slope), gradients);
  });
}

/** Shapes of a block's arrays in the order of BlockArray. */
bool have_shapes(TF_Tensor* const* arrays, int64_t width, int64_t units) {
  for (int i = 0; i < kBlockArrays; i++) {
    const bool is_square = i == kQuery || i == kKey || i == kValue || i == kOutput;
    const bool fits = is_square             ? has_shape(arrays[i], {width, width})
                      : i == kUnitsIn       ? has_shape(arrays[i], {width, units})
                      : i == kUnitsOut      ? has_shape(arrays[i], {units, width})
                      : i == kUnitsInBias   ? has_shape(arrays[i], {units})
                                            : has_shape(arrays[i], {width});
    if (!fits) return false;
  }
  return true;
}

/** What a block's pass is asked for: x, factors of dropout (or none), and the arrays. */
struct BlockInputs {
  BlockSizes size;
  const float* x;
  const float* keep;
  const float* arrays[kBlockArrays];
};

bool read_block(Call& call, const Asked& how, BlockInputs& block) {
  TF_Tensor* const x = call.input(0);
  TF_Tensor* const keep = call.input(1);
  TF_Tensor* arrays[kBlockArrays];
  for (int i = 0; i < kBlockArrays; i++) arrays[i] = call.input(2 + i);
  if (!call.is_right()) return false;
  if (!call.require(TF_NumDims(x) == 3 && TF_NumDims(arrays[kUnitsInBias]) == 1,
                    "expected x as steps × batch × width and the units' bias as units"))
    return false;
  const int64_t batch = TF_Dim(x, 1);
  const int64_t width = TF_Dim(x, 2);
  const int64_t units = TF_Dim(arrays[kUnitsInBias], 0);
  if (!call.require(have_shapes(arrays, width, units),
                    "expected arrays of a block of that width and those units") ||
      !call.require(how.heads > 0 && width % how.heads == 0, "expected heads that divide the width") ||
      !call.require(!how.last_only || TF_Dim(x, 0) > 0, "expected a last step where it alone is asked for"))
    return false;
  const bool has_keep = TF_TensorElementCount(keep) > 0;
  if (!call.require(!has_keep || has_shape(keep, {2, batch, width}),
                    "expected no factors, or 2 × batch × width"))
    return false;
  block.size = {int(TF_Dim(x, 0)), int(batch), int(width), how.heads, int(units), how.last_only};
  block.x = data(x);
  block.keep = has_keep ? data(keep) : nullptr;
  for (int i = 0; i < kBlockArrays; i++) block.arrays[i] = data(arrays[i]);
  return true;
}

void encoder_block(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  BlockInputs block;
  if (!read_block(call, asked(kernel), block)) return;
  const BlockSizes& size = block.size;
  float* const y = call.output(0, {size.last_only ? 1 : size.steps, size.batch, size.width});
  if (!call.is_right()) return;
  call.compute([&] {
    tickbook_kernels().block_forward(size, block.x, block.arrays, block.keep, y);
  });
}

void encoder_block_gradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  BlockInputs block;
  if (!read_block(call, asked(kernel), block)) return;
  TF_Tensor* const slope = call.input(2 + kBlockArrays);
  if (!call.is_right()) return;
  const BlockSizes& size = block.size;
  const int64_t queries = size.last_only ? 1 : size.steps;
  if (!call.require(has_shape(slope, {queries, size.batch, size.width}),
                    "expected slopes of the shape of what came out"))
    return;
  float* const x_gradient = call.output(0, {size.steps, size.batch, size.width});
  float* gradients[kBlockArrays];
  for (int i = 0; i < kBlockArrays; i++) {
    const bool is_square = i == kQuery || i == kKey || i == kValue || i == kOutput;
    gradients[i] = is_square           ? call.output(1 + i, {size.width, size.width})
                   : i == kUnitsIn     ? call.output(1 + i, {size.width, size.units})
                   : i == kUnitsOut    ? call.output(1 + i, {size.units, size.width})
                   : i == kUnitsInBias ? call.output(1 + i, {size.units})
                                       : call.output(1 + i, {size.width});
  }
  if (!call.is_right()) return;
  call.compute([&] {
    tickbook_kernels().block_backward(size, block.x, block.arrays, block.keep, data(slope),
                                      x_gradient, gradients);
  });
}

/** Reads one kernel's attributes; `of` says which it has. */
void* create(TF_OpKernelConstruction* construction, bool is_lstm) {
  TF_Status* const status = TF_NewStatus();
  Asked* const how = new Asked;
  TF_Bool flag = 1;
  TF_OpKernelConstruction_GetAttrBool(construction, is_lstm ? "wants_x" : "last_only", &flag,
                                      status);
  (is_lstm ? how->wants_x : how->last_only) = flag != 0;
  if (!is_lstm && TF_GetCode(status) == TF_OK) {
    int64_t heads = 1;
    TF_OpKernelConstruction_GetAttrInt64(construction, "heads", &heads, status);
    how->heads = int(heads);
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return how;
}

void* create_lstm(TF_OpKernelConstruction* construction) { return create(construction, true); }
void* create_block(TF_OpKernelConstruction* construction) { return create(construction, false); }
void* create_plain(TF_OpKernelConstruction*) { return new Asked; }
void destroy(void* kernel) { delete static_cast<Asked*>(kernel); }

void unknown_shapes(TF_ShapeInferenceContext*, TF_Status*) {}

struct Op {
  const char* name;
  std::initializer_list<const char*> attributes;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
};

void add(const Op& op) {
  TF_Status* const status = TF_NewStatus();
  TF_OpDefinitionBuilder* const definition = TF_NewOpDefinitionBuilder(op.name);
  for (const char* spec : op.attributes) TF_OpDefinitionBuilderAddAttr(definition, spec);
  for (const char* spec : op.inputs) TF_OpDefinitionBuilderAddInput(definition, spec);
  for (const char* spec : op.outputs) TF_OpDefinitionBuilderAddOutput(definition, spec);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, unknown_shapes);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* const kernel =
        TF_NewKernelBuilder(op.name, "CPU", op.create, op.compute, destroy);
    TF_RegisterKernelBuilder(op.name, kernel, status);
  }
  // Without them the addon still works: who asks for an operation that is not there is told so.
  if (TF_GetCode(status) != TF_OK) std::fprintf(stderr, "%s: %s\n", op.name, TF_Message(status));
  TF_DeleteStatus(status);
}

#define TICKBOOK_BLOCK_INPUTS                                                                   \
  "x: float", "keep: float", "read_gain: float", "read_bias: float", "query: float",            \
      "key: float", "value: float", "output: float", "output_bias: float", "units_gain: float", \
      "units_bias: float", "units_in: float", "units_in_bias: float", "units_out: float",       \
      "units_out_bias: float"

const bool registered = [] {
#if defined(__GLIBC__)
  // Large arrays go back to the system when they are freed. Else they leave holes of many sizes in the heap, which grows to
  // several times what a step of training holds.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
  add({"TickbookLstm",
       {},
       {"x: float", "kernel: float", "bias: float"},
       {"hidden: float", "cell: float", "gates: float"},
       create_plain,
       lstm});
  add({"TickbookLstmGradient",
       {"wants_x: bool"},
       {"x: float", "kernel: float", "bias: float", "hidden: float", "cell: float", "gates: float",
        "hidden_gradient: float"},
       {"x_gradient: float", "kernel_gradient: float", "bias_gradient: float"},
       create_lstm,
       lstm_gradient});
  add({"TickbookBlock",
       {"heads: int", "last_only: bool"},
       {TICKBOOK_BLOCK_INPUTS},
       {"y: float"},
       create_block,
       encoder_block});
  add({"TickbookBlockGradient",
       {"heads: int", "last_only: bool"},
       {TICKBOOK_BLOCK_INPUTS, "y_gradient: float"},
       {"x_gradient: float", "read_gain_gradient: float", "read_bias_gradient: float",
        "query_gradient: float", "key_gradient: float", "value_gradient: float",
        "output_gradient: float", "output_bias_gradient: float", "units_gain_gradient: float",
        "units_bias_gradient: float", "units_in_gradient: float", "units_in_bias_gradient: float",
        "units_out_gradient: float", "units_out_bias_gradient: float"},
       create_block,
       encoder_block_gradient});
  return true;
}();

}  // namespace
