// Does the native addon load and multiply? Prints version and device, or fails.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
require("node:util").isNullOrUndefined ??= (value) => value === null || value === undefined;

const tf = require("@tensorflow/tfjs-node-gpu");
const product = Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync());
if (product.length !== 1 || product[0] !== 11) throw new Error(`1·3 + 2·4 was ${product}`);
const { binding, isUsingGpuDevice } = tf.backend();
process.stdout.write(JSON.stringify({ version: binding.TF_Version, gpu: isUsingGpuDevice }));
