"""PyTorch's side of `tickbook bench lstm` and `bench transformer`, on the CPU.

    python torch_network.py try WORK                             which variant is fastest here, by form of the network
    python torch_network.py steps WORK VARIANT STEPS DROPOUT     least milliseconds of a training step
    python torch_network.py check WORK VARIANT STEPS GRADIENT     losses before and after each step; the gradient into a file
    python torch_network.py latency WORK VARIANT CALLS           one window to a probability

WORK is the file that src/bench/networks/network-work.ts writes. A VARIANT is "FORM, layout, optimiser, kernels". Prints one JSON line.
"""
import itertools
import json
import os
import resource
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))

WARM_UP_STEPS = 3
WARM_UP_CALLS = 50

# No more is begun after this, where the machine is busy.
MOST_SECONDS = 20
MOST_SECONDS_OF_A_TRY = 4


def read(file):
    """Arrays by name, and texts, of a file in safetensors form."""
    with open(file, "rb") as opened:
        data = bytearray(opened.read())
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    texts = header.pop("__metadata__")
    types = {"F32": torch.float32, "F64": torch.float64}
    arrays = {}
    for name, entry in header.items():
        start, end = (8 + length + at for at in entry["data_offsets"])
        # Copied, so that each begins where vector instructions like it.
        values = torch.frombuffer(data[start:end], dtype=types[entry["dtype"]]).clone()
        arrays[name] = values.reshape(entry["shape"])
    return arrays, texts


class Lstm(nn.Module):
    """nn.LSTM, and two lines into one log-odds: from the last state, and from the newest bar."""

    def __init__(self, shape, batch_first, dropout):
        super().__init__()
        inputs, units = shape["inputSize"], shape["units"]
        self.lstm = nn.LSTM(inputs, units, shape["layers"], batch_first=batch_first, dropout=dropout)
        self.head = nn.Linear(units, 1)
        self.skip = nn.Linear(inputs, 1, bias=False)
        self.batch_first = batch_first

    def forward(self, x):
        states, _ = self.lstm(x)
        last, newest = (states[:, -1], x[:, -1]) if self.batch_first else (states[-1], x[-1])
        return (self.head(last) + self.skip(newest)).squeeze(-1)


class Encoder(nn.Module):
    """nn.TransformerEncoder on inputs and learned positions, and two lines into one log-odds, as the LSTM's."""

    def __init__(self, shape, batch_first, dropout):
        super().__init__()
        inputs, width, steps = shape["inputSize"], shape["width"], shape["steps"]
        self.input = nn.Linear(inputs, width)
        self.positions = nn.Parameter(torch.zeros(steps, width))
        layer = nn.TransformerEncoderLayer(
            width,
            shape["heads"],
            shape["feedForward"],
            dropout,
            activation="relu",
            batch_first=batch_first,
            norm_first=True,
        )
        self.encoder = nn.TransformerEncoder(layer, shape["layers"], nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, 1)
        self.skip = nn.Linear(inputs, 1, bias=False)
        self.mask = nn.Transformer.generate_square_subsequent_mask(steps)
        self.batch_first = batch_first

    def embedded(self, x):
        return self.input(x) + (self.positions if self.batch_first else self.positions[:, None])

    def last(self, x):
        return x[:, -1] if self.batch_first else x[-1]

    def forward(self, x):
        states = self.encoder(self.embedded(x), mask=self.mask, is_causal=True)
        return (self.head(self.last(states)) + self.skip(self.last(x))).squeeze(-1)


class ByHand(Encoder):
    """The same by PyTorch's functions: no biases of query, key and value; the last block for the newest step alone."""

    def forward(self, x):
        stream = self.embedded(x)
        for layer in self.encoder.layers:
            is_last = layer is self.encoder.layers[-1]
            normed = layer.norm1(stream)
            kept = self.newest(stream) if is_last else stream
            taken = self.attention(layer.self_attn, self.newest(normed) if is_last else normed, normed, not is_last)
            stream = kept + layer.dropout1(taken)
            units = layer.linear1(layer.norm2(stream)).relu()
            stream = stream + layer.dropout2(layer.linear2(units))
        state = self.encoder.norm(self.last(stream))
        return (self.head(state) + self.skip(self.last(x))).squeeze(-1)

    def newest(self, x):
        return x[:, -1:] if self.batch_first else x[-1:]

    def attention(self, own, asking, steps, is_causal):
        width = own.embed_dim
        if asking is steps:
            q, k, v = nn.functional.linear(steps, own.in_proj_weight).chunk(3, -1)
        else:
            q = nn.functional.linear(asking, own.in_proj_weight[:width])
            k, v = nn.functional.linear(steps, own.in_proj_weight[width:]).chunk(2, -1)
        q, k, v = (self.by_head(part, own.num_heads) for part in (q, k, v))
        read = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=is_causal)
        return own.out_proj(self.by_step(read, asking.shape))

    def by_head(self, x, heads):
        """Windows × heads × steps × size."""
        split = x.unflatten(-1, (heads, -1))
        return split.transpose(1, 2) if self.batch_first else split.permute(1, 2, 0, 3)

    def by_step(self, x, shape):
        return (x.transpose(1, 2) if self.batch_first else x.permute(2, 0, 1, 3)).reshape(shape)


FORMS = {
    "lstm": {"nn.LSTM": Lstm},
    "transformer": {"nn.TransformerEncoder": Encoder, "PyTorch by hand": ByHand},
}
# What PyTorch's modules learn and ours do not have: a second bias of nn.LSTM, which makes that of a gate learn twice as fast,
# and those of query, key and value. They start at zero, and are left there where losses and gradients are compared.
THEIRS_ALONE = ["bias_hh", "in_proj_bias"]
LAYOUTS = ["batch first", "steps first"]
OPTIMISERS = ["fused", "foreach"]
KERNELS = ["oneDNN", "own kernels"]


class Work:
    """A network of one variant with the file's parameters, its batch and its optimiser."""

    def __init__(self, file, variant, dropout=0.0):
        self.arrays, texts = read(file)
        self.shape, self.settings = json.loads(texts["shape"]), json.loads(texts["settings"])
        form, layout, optimiser, kernels = variant.split(", ")
        torch.backends.mkldnn.enabled = kernels == "oneDNN"
        self.batch_first = layout == "batch first"
        self.model = FORMS[texts["network"]][form](self.shape, self.batch_first, dropout)
        prefix = "torch."
        parameters = {name[len(prefix) :]: a for name, a in self.arrays.items() if name.startswith(prefix)}
        self.model.load_state_dict(parameters)
        self.names = sorted(parameters)
        windows = self.arrays["windows"]
        self.windows = windows.transpose(0, 1).contiguous() if self.batch_first else windows
        self.outcome = self.arrays["outcome"]
        decayed = [p for p in self.model.parameters() if p.dim() > 1]
        others = [p for p in self.model.parameters() if p.dim() == 1]
        groups = [
            {"params": decayed, "weight_decay": self.settings["weightDecay"]},
            {"params": others, "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=self.settings["learningRate"], **{optimiser: True})

    def step(self):
        """One training step; returns the loss before it."""
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.settings["gradientNorm"])
        self.optimiser.step()
        return loss.item()

    def loss(self):
        return nn.functional.binary_cross_entropy_with_logits(self.model(self.windows), self.outcome)


def timed(work, warm_up, counted, most_seconds=MOST_SECONDS):
    """Milliseconds of each time that counts, one at least."""
    milliseconds = []
    started = time.perf_counter()
    for i in range(warm_up + counted):
        begin = time.perf_counter()
        work(i)
        end = time.perf_counter()
        milliseconds.append(1e3 * (end - begin))
        if end - started > most_seconds:
            break
    return milliseconds[warm_up:] or milliseconds[-1:]


def prediction(work):
    """A function from the number of a window to its probability, from unscaled rows on."""
    arrays, steps = work.arrays, work.shape["steps"]
    inputs, temperature = arrays["inputs"], work.settings["temperature"]
    mean, deviation = arrays["scaler.mean"].float(), arrays["scaler.deviation"].float()
    count = len(work.outcome)
    work.model.eval()

    @torch.inference_mode()
    def predict(i):
        first = i % count
        window = (inputs[first : first + steps] - mean) / deviation
        window = window.clamp(-8, 8).nan_to_num(0.0).unsqueeze(0 if work.batch_first else 1)
        return torch.sigmoid(work.model(window) / temperature).item()

    return predict


def fastest(file):
    """The variant with the least time of a training step, and of a prediction, by form of the network."""
    _, texts = read(file)
    best = {}
    for form in FORMS[texts["network"]]:
        took = {"steps": {}, "latency": {}}
        for rest in itertools.product(LAYOUTS, OPTIMISERS, KERNELS):
            variant = ", ".join((form, *rest))
            work = Work(file, variant)
            took["steps"][variant] = min(timed(lambda _: work.step(), 1, 4, MOST_SECONDS_OF_A_TRY))
        for layout, kernels in itertools.product(LAYOUTS, KERNELS):
            variant = ", ".join((form, layout, OPTIMISERS[0], kernels))
            milliseconds = timed(prediction(Work(file, variant)), 10, 40, MOST_SECONDS_OF_A_TRY)
            took["latency"][variant] = sorted(milliseconds)[len(milliseconds) // 2]
        best[form] = {what: min(times, key=times.get) for what, times in took.items()}
    return best


def measured_steps(file, variant, counted, dropout):
    work = Work(file, variant, float(dropout))
    unit = 1 if sys.platform == "darwin" else 1024
    loaded = unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    milliseconds = timed(lambda _: work.step(), WARM_UP_STEPS, int(counted))
    return {"stepMs": min(milliseconds), "loadedBytes": loaded}


def checked(file, variant, steps, gradient_file):
    work = Work(file, variant)
    for name, parameter in work.model.named_parameters():
        parameter.requires_grad_(not any(part in name for part in THEIRS_ALONE))
    work.loss().backward()
    gradients = {name: p.grad for name, p in work.model.named_parameters() if p.grad is not None}
    shapes = dict(work.model.named_parameters())
    flat = [gradients.get(name, torch.zeros_like(shapes[name])).detach().reshape(-1) for name in work.names]
    with open(gradient_file, "wb") as output:
        output.write(bytes(torch.cat(flat).untyped_storage()))
    return {"losses": [work.step() for _ in range(int(steps) + 1)]}


def measured_calls(file, variant, counted):
    work = Work(file, variant)
    predict = prediction(work)
    milliseconds = torch.tensor(timed(predict, WARM_UP_CALLS, int(counted)), dtype=torch.float64)
    p50, p99 = torch.quantile(milliseconds, torch.tensor([0.5, 0.99], dtype=torch.float64)).tolist()
    return {"p50Ms": p50, "p99Ms": p99, "probability": predict(len(work.outcome) - 1)}


MODES = {"try": fastest, "steps": measured_steps, "check": checked, "latency": measured_calls}
print(json.dumps(MODES[sys.argv[1]](*sys.argv[2:])))
