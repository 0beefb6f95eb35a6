// Does the native addon load, multiply, and have our own operations? Prints version and device, or fails with the reason
// as its last line.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
// A GPU that others use, too, must not be taken whole.
process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
require("node:util").isNullOrUndefined ??= (value) => value === null || value === undefined;

try {
  const tf = require("@tensorflow/tfjs-node-gpu");
  const product = Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync());
  if (product.length !== 1 || product[0] !== 11) throw new Error(`1·3 + 2·4 was ${product}`);

  // One step of one unit: with all sums 0 the gates are ½ and the candidate is 0.
  const inputs = [tf.ones([1, 1, 1]), tf.zeros([2, 4]), tf.zeros([4])];
  const [hidden, , gates] = tf.backend().executeMultipleOutputs("TickbookLstm", [], inputs, 3);
  const states = [...hidden.dataSync(), ...gates.dataSync()].join();
  if (states !== "0,0.5,0.5,0,0.5") throw new Error(`an LSTM of zeros gave ${states}`);

  const { binding, isUsingGpuDevice } = tf.backend();
  process.stdout.write(JSON.stringify({ version: binding.TF_Version, gpu: isUsingGpuDevice }));
} catch (error) {
  process.stderr.write(`${error.message.split("\n", 1)[0]}\n`);
  process.exitCode = 1;
}
