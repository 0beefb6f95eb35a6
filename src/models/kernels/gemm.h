// Products of matrices, in single precision, of the sizes that networks on windows have: C = A·B or C += A·B.
#pragma once
#include "memory.h"
#include "simd.h"

namespace {

/** Columns of one panel of B: two vectors. */
constexpr int kPanel = 2 * kLanes;
/** Rows of C that are kept in registers beside a panel's two columns of vectors. */
#if defined(__AVX512F__)
constexpr int kRows = 12;
#else
constexpr int kRows = 6;
#endif
/** Rows of B whose panel stays in the first-level cache. */
constexpr int kDepth = 256;

/** A matrix by its strides, so that a transposed one is read where it lies. */
struct View {
  const float* at;
  long row;
  long column;
};

inline View plain(const float* at, long width) { return {at, width, 1}; }
inline View transposed(const float* at, long width) { return {at, 1, width}; }

inline int panels(int columns) { return (columns + kPanel - 1) / kPanel; }

/** Floats that the panels of a depth × columns matrix take. */
inline long packed_size(int depth, int columns) { return long(depth) * panels(columns) * kPanel; }

/** Panel after panel, each depth × kPanel; columns beyond the last are 0. */
__attribute__((noinline)) void pack(int depth, int columns, View b, float* out) {
  for (int first = 0; first < columns; first += kPanel) {
    const int width = columns - first < kPanel ? columns - first : kPanel;
    for (int k = 0; k < depth; k++, out += kPanel) {
      const float* from = b.at + k * b.row + first * b.column;
      if (b.column == 1 && width == kPanel) {
        std::memcpy(out, from, sizeof(float) * kPanel);
        continue;
      }
      for (int j = 0; j < width; j++) out[j] = from[j * b.column];
      for (int j = width; j < kPanel; j++) out[j] = 0;
    }
  }
}

/** Adds all rows of a packed matrix to `sums`, packed_size(1, columns) long. */
__attribute__((noinline)) void add_rows(int depth, int columns, const float* packed, float* sums) {
  for (int panel = 0; panel < panels(columns); panel++, sums += kPanel) {
    Vec first = load(sums);
    Vec second = load(sums + kLanes);
    for (int k = 0; k < depth; k++, packed += kPanel) {
      first += load(packed);
      second += load(packed + kLanes);
    }
    store(sums, first);
    store(sums + kLanes, second);
  }
}

/** How C begins: as it is, as zeros, or each row as `row`. */
struct Start {
  bool adds;
  const float* row;
};

template <int Rows>
inline __attribute__((always_inline)) void tile(int depth, View a, const float* panel, float* c,
                                                long c_row, int width, Start start) {
  Vec sum[Rows][2];
  const bool is_whole = width == kPanel;
  const int left = width < kLanes ? width : kLanes;
  const int right = width - left;
#pragma GCC unroll 16
  for (int i = 0; i < Rows; i++) {
    const float* from = start.adds ? c + i * c_row : start.row;
    if (from == nullptr) {
      sum[i][0] = sum[i][1] = Vec{};
    } else if (is_whole) {
      sum[i][0] = load(from);
      sum[i][1] = load(from + kLanes);
    } else {
      sum[i][0] = load_some(from, left);
      sum[i][1] = load_some(from + left, right);
    }
  }
  const float* x = a.at;
  for (int k = 0; k < depth; k++, panel += kPanel, x += a.column) {
    const Vec first = load(panel);
    const Vec second = load(panel + kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; i++) {
      const Vec value = all(x[i * a.row]);
      sum[i][0] += value * first;
      sum[i][1] += value * second;
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; i++) {
    float* to = c + i * c_row;
    if (is_whole) {
      store(to, sum[i][0]);
      store(to + kLanes, sum[i][1]);
    } else {
      store_some(to, sum[i][0], left);
      store_some(to + left, sum[i][1], right);
    }
  }
}

/** The tiles of Rows rows each that fit between `i` and `rows`. */
template <int Rows>
inline void tiles(int& i, int rows, int depth, View a, const float* panel, float* c, long c_row,
                  int width, Start start) {
  for (; i + Rows <= rows; i += Rows) {
    tile<Rows>(depth, {a.at + i * a.row, a.row, a.column}, panel, c + i * c_row, c_row, width,
               start);
  }
}

/**
 * C (+)= A·B. Each value is one sum in the order of `depth`, whatever the number of rows or columns asked for at a time.
 *
 * @param a rows × depth
 * @param packed B, depth × columns, by `pack`
 * @param c rows × columns, `c_row` floats from row to row
 */
__attribute__((noinline)) void multiply(int rows, int columns, int depth, View a, const float* packed, float* c,
                     long c_row, Start start = {false, nullptr}) {
  for (int from = 0; from < depth || from == 0; from += kDepth) {
    const int deep = depth - from < kDepth ? depth - from : kDepth;
    const View part = {a.at + from * a.column, a.row, a.column};
    for (int first = 0; first < columns; first += kPanel) {
      const int width = columns - first < kPanel ? columns - first : kPanel;
      const float* panel = packed + long(first) * depth + long(from) * kPanel;
      Start begin = from > 0 ? Start{true, nullptr} : start;
      if (begin.row != nullptr) begin.row += first;
      int i = 0;
      tiles<kRows>(i, rows, deep, part, panel, c + first, c_row, width, begin);
      tiles<4>(i, rows, deep, part, panel, c + first, c_row, width, begin);
      tiles<1>(i, rows, deep, part, panel, c + first, c_row, width, begin);
    }
  }
}

}  // namespace
