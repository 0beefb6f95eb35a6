// danfojs-node asks for tfjs-node; the same code under the GPU package's name serves CPU and GPU.
module.exports = require("@tensorflow/tfjs-node-gpu");
