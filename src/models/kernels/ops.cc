// The kernels as operations of TensorFlow, registered by its C interface when the addon is loaded.
#include <tensorflow/c/kernels.h>
#include <tensorflow/c/ops.h>
#include <tensorflow/c/tf_tensor.h>

#include <cstdio>
#include <initializer_list>

#include "kernels.h"

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

  TF_Tensor* input(int i) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, i, &tensor, status_);
    if (is_right()) held_[count_++] = tensor;
    return tensor;
  }

  float* output(int i, std::initializer_list<int64_t> shape) {
    int64_t count = 1;
    for (const int64_t size : shape) count *= size;
    TF_Tensor* tensor = TF_AllocateOutput(context_, i, TF_FLOAT, shape.begin(), int(shape.size()),
                                          sizeof(float) * count, status_);
    if (!is_right()) return nullptr;
    held_[count_++] = tensor;
    return static_cast<float*>(TF_TensorData(tensor));
  }

 private:
  TF_OpKernelContext* const context_;
  TF_Status* const status_;
  TF_Tensor* held_[16];
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
  tickbook_kernels().lstm_forward(size, data(x), {data(kernel), data(bias)},
                                  {hidden, cell, gates});
}

void lstm_gradient(void* wants_x, TF_OpKernelContext* context) {
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
  const bool is_asked = *static_cast<const bool*>(wants_x);
  float* const x_gradient = is_asked ? call.output(0, {steps, batch, inputs}) : call.output(0, {0});
  float* const kernel_gradient = call.output(1, {inputs + units, 4 * units});
  float* const bias_gradient = call.output(2, {4 * units});
  if (!call.is_right()) return;
  tickbook_kernels().lstm_backward(
      size, data(x), {data(kernel), data(bias)}, {data(hidden), data(cell), data(gates)},
      data(slope), {is_asked ? x_gradient : nullptr, kernel_gradient, bias_gradient});
}

void* read_wants_x(TF_OpKernelConstruction* construction) {
  TF_Status* const status = TF_NewStatus();
  TF_Bool wants = 1;
  TF_OpKernelConstruction_GetAttrBool(construction, "wants_x", &wants, status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return new bool(wants != 0);
}

void unknown_shapes(TF_ShapeInferenceContext*, TF_Status*) {}

struct Op {
  const char* name;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
  std::initializer_list<const char*> attributes;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*destroy)(void*);
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
        TF_NewKernelBuilder(op.name, "CPU", op.create, op.compute, op.destroy);
    TF_RegisterKernelBuilder(op.name, kernel, status);
  }
  // Without them the addon still works: who asks for an operation that is not there is told so.
  if (TF_GetCode(status) != TF_OK) std::fprintf(stderr, "%s: %s\n", op.name, TF_Message(status));
  TF_DeleteStatus(status);
}

const bool registered = [] {
  add({"TickbookLstm",
       {"x: float", "kernel: float", "bias: float"},
       {"hidden: float", "cell: float", "gates: float"},
       {},
       [](TF_OpKernelConstruction*) -> void* { return nullptr; },
       lstm,
       [](void*) {}});
  add({"TickbookLstmGradient",
       {"x: float", "kernel: float", "bias: float", "hidden: float", "cell: float", "gates: float",
        "hidden_gradient: float"},
       {"x_gradient: float", "kernel_gradient: float", "bias_gradient: float"},
       {"wants_x: bool"},
       read_wants_x,
       lstm_gradient,
       [](void* wants) { delete static_cast<bool*>(wants); }});
  return true;
}();

}  // namespace
