"""Writes data/golden/networks.json: log-odds, loss and gradient of small networks as PyTorch's own layers compute them.

LSTM with layer norm (nn.LSTM, nn.LayerNorm) and Transformer encoder (nn.TransformerEncoderLayer, norms first, causal) with
learned and with sinusoidal positions. Parameters lie as this project lays them out; sums are in double precision, of
parameters and inputs that single precision holds exactly.

usage: python networks.py > data/golden/networks.json   (needs PyTorch: pip install --target DIR torch)
"""
import hashlib
import json
import math

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(20261130)
torch.set_default_dtype(torch.float64)
COUNT, STEPS, INPUTS = 5, 6, 3


def draw(*shape, scale=0.5, shift=0.0):
    return (shift + scale * torch.randn(*shape, dtype=torch.float32)).double()


def leaf(*shape, **how):
    return draw(*shape, **how).requires_grad_()


def flat(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().reshape(-1).tolist()]


def head(arrays, hidden, newest):
    arrays["head.kernel"] = leaf(hidden.shape[1], 1)
    arrays["head.skip"] = leaf(INPUTS, 1)
    arrays["head.bias"] = leaf(1)
    return (hidden @ arrays["head.kernel"] + newest @ arrays["head.skip"] + arrays["head.bias"]).squeeze(1)


def case(name, shape, arrays, x, logits, **more):
    """Loss of the log-odds, its gradient, and all as lists."""
    outcome = torch.tensor([1.0, 0.0, 0.5, 1.0, 0.0])
    loss = functional.binary_cross_entropy_with_logits(logits, outcome)
    loss.backward()
    return {
        "name": name,
        "shape": {"inputSize": INPUTS, "steps": STEPS, **shape},
        "windows": flat(x),
        "outcome": outcome.tolist(),
        "parameters": {key: flat(value) for key, value in arrays.items()},
        "logits": flat(logits),
        "loss": loss.item(),
        "gradient": {key: flat(value.grad) for key, value in arrays.items()},
        **more,
    }


def lstm(units=4, layers=2):
    arrays = {}
    x = draw(STEPS, COUNT, INPUTS, scale=1)
    hidden = x
    for layer in range(layers):
        inputs = hidden.shape[2]
        kernel = arrays[f"layer{layer}.kernel"] = leaf(inputs + units, 4 * units)
        bias = arrays[f"layer{layer}.bias"] = leaf(4 * units)
        gain = arrays[f"layer{layer}.norm.gain"] = leaf(units, shift=1)
        shift = arrays[f"layer{layer}.norm.bias"] = leaf(units)
        of = {
            "weight_ih_l0": kernel[:inputs].T,
            "weight_hh_l0": kernel[inputs:].T,
            "bias_ih_l0": bias,
            "bias_hh_l0": torch.zeros(4 * units),
        }
        out, _ = torch.func.functional_call(nn.LSTM(inputs, units), of, (hidden,))
        hidden = torch.func.functional_call(nn.LayerNorm(units), {"weight": gain, "bias": shift}, (out,))
    shape = {"units": units, "layers": layers, "layerNorm": True}
    return case("LSTM with layer norm", shape, arrays, x, head(arrays, hidden[-1], x[-1]))


def sines(width):
    wavelengths = torch.exp(-math.log(10000.0) * torch.arange(0, width, 2) / width)
    angles = torch.arange(STEPS).unsqueeze(1) * wavelengths
    return torch.stack([angles.sin(), angles.cos()], 2).reshape(STEPS, -1)[:, :width]


def transformer(positions, width=4, heads=2, layers=2, units=7):
    arrays = {}
    x = draw(STEPS, COUNT, INPUTS, scale=1)
    arrays["input.kernel"] = leaf(INPUTS, width)
    arrays["input.bias"] = leaf(width)
    if positions == "learned":
        arrays["positions"] = leaf(STEPS, width)
    places = arrays["positions"] if positions == "learned" else sines(width)
    stream = x @ arrays["input.kernel"] + arrays["input.bias"] + places.unsqueeze(1)
    mask = nn.Transformer.generate_square_subsequent_mask(STEPS, dtype=torch.float64)
    attention = []
    for layer in range(layers):
        def own(name, *shape, **how):
            arrays[f"block{layer}.{name}"] = leaf(*shape, **how)
            return arrays[f"block{layer}.{name}"]

        of = {
            "norm1.weight": own("attention.norm.gain", width, shift=1),
            "norm1.bias": own("attention.norm.bias", width),
        }
        parts = [own(f"attention.{name}.kernel", width, width, scale=0.8) for name in ("query", "key", "value")]
        of |= {
            "self_attn.in_proj_weight": torch.cat([kernel.T for kernel in parts]),
            "self_attn.in_proj_bias": torch.zeros(3 * width),
            "self_attn.out_proj.weight": own("attention.output.kernel", width, width).T,
            "self_attn.out_proj.bias": own("attention.output.bias", width),
            "norm2.weight": own("units.norm.gain", width, shift=1),
            "norm2.bias": own("units.norm.bias", width),
            "linear1.weight": own("units.input.kernel", width, units).T,
            "linear1.bias": own("units.input.bias", units),
            "linear2.weight": own("units.output.kernel", units, width).T,
            "linear2.bias": own("units.output.bias", width),
        }
        block = nn.TransformerEncoderLayer(width, heads, units, dropout=0, activation="relu", norm_first=True)
        normed = functional.layer_norm(stream, [width], of["norm1.weight"], of["norm1.bias"])
        query = {key.removeprefix("self_attn."): value for key, value in of.items() if key.startswith("self_attn")}
        how = {"attn_mask": mask, "need_weights": True, "average_attn_weights": False}
        _, weights = torch.func.functional_call(block.self_attn, query, (normed, normed, normed), how)
        attention += flat(weights[:, :, -1])
        stream = torch.func.functional_call(block, of, (stream,), {"src_mask": mask, "is_causal": True})
    gain = arrays["norm.gain"] = leaf(width, shift=1)
    shift = arrays["norm.bias"] = leaf(width)
    hidden = functional.layer_norm(stream[-1], [width], gain, shift)
    shape = {"width": width, "heads": heads, "layers": layers, "feedForward": units, "positions": positions}
    name = f"Transformer with {positions} positions"
    return case(name, shape, arrays, x, head(arrays, hidden, x[-1]), attention=attention)


def layer_norm():
    """Rows far from zero, of equal values and of nearly equal ones among usual rows."""
    x = draw(6, 8, scale=1)
    x[1] += 100
    x[2] = 3
    x[3] = 1 + draw(8, scale=1e-3)
    x[4] *= 1e-3
    x = x.float().double().requires_grad_()
    gain, bias, slope = leaf(8, shift=1), leaf(8), draw(6, 8, scale=1)
    y = functional.layer_norm(x, [8], gain, bias)
    y.backward(slope)
    given = {"x": x, "gain": gain, "bias": bias, "slope": slope, "y": y}
    gradients = {"x": x.grad, "gain": gain.grad, "bias": bias.grad}
    return {
        **{key: flat(value) for key, value in given.items()},
        "gradient": {key: flat(value) for key, value in gradients.items()},
    }


body = json.dumps(
    {
        "layerNorm": layer_norm(),
        "networks": [lstm(), transformer("learned"), transformer("sinusoidal", width=6, heads=3, layers=3)],
    },
    separators=(",", ":"),
)
print(json.dumps({
    "origin": f"PyTorch {torch.__version__}, tools/goldens/networks.py",
    "sha256": hashlib.sha256(body.encode()).hexdigest(),
})[:-1] + f', "content": {body}}}')
