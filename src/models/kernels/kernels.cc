// Compiled once for each kind of processor; TICKBOOK_KERNELS is the name of what it makes.
#include "kernels.h"

#include "encoder-block.h"
#include "lstm.h"

extern const Kernels TICKBOOK_KERNELS;
const Kernels TICKBOOK_KERNELS = {lstm_forward, lstm_backward, block_forward, block_backward};
