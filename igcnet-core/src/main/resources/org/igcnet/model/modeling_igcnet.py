"""Runs the network of this folder in plain PyTorch:  net = load(".");  net(net.prepare(image))"""

import json
import pathlib

import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from safetensors.torch import load_file


class IgcNet(torch.nn.Module):
    def __init__(self, config, preprocessor, weights):
        super().__init__()
        self.config, self.preprocessor = config, preprocessor
        self.labels = [config["id2label"][str(i)] for i in range(config["num_labels"])]
        values = {k.replace(".", "/"): torch.nn.Parameter(v, False) for k, v in weights.items()}
        self.weights = torch.nn.ParameterDict(values)

    def forward(self, image):
        """Logits of a batch of normalised images, [images][channels][rows][columns]."""
        out = {"image": image}
        for step in self.config["layers"]:
            out[step["name"]] = y = self.step(step, out)
        return y

    def step(self, s, out):
        x = out.get(s.get("input"))
        w = lambda key: self.weights[s[key].replace(".", "/")]
        match s["kind"]:
            case "convolution":
                return F.conv2d(x, w("weight"), None, s["stride"], s["padding"], 1, s["groups"])
            case "interleave":
                return x.unflatten(1, (s["rows"], s["columns"])).transpose(1, 2).flatten(1, 2)
            case "branch-sum":
                return x.unflatten(1, (s["branches"], -1)).sum(1)
            case "batch-norm":
                mean, variance = w("runningMean"), w("runningVariance")
                return F.batch_norm(x, mean, variance, w("weight"), w("bias"), eps=s["epsilon"])
            case "relu":
                return F.relu(x)
            case "sigmoid":
                return torch.sigmoid(x)
            case "scale":
                return x * out[s["factors"]]
            case "add":
                return sum(out[name] for name in s["inputs"])
            case "max-pool":
                return F.max_pool2d(x, s["kernel"], s["stride"], s["padding"])
            case "global-average-pool":
                return x.mean((2, 3), keepdim=True)
            case "linear":
                return F.linear(x.flatten(1), w("weight"), w("bias"))
        raise ValueError("unknown step " + s["kind"])

    def prepare(self, image):
        """A batch of one picture of Pillow: upright, over white, its middle, resized and normalised."""
        p, (rows, columns) = self.preprocessor, self.config["image_size"]
        channels = self.config["num_channels"]
        image = ImageOps.exif_transpose(image).convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        wide = p["crop_pct"] * min(image.width, image.height * columns / rows)
        high = p["crop_pct"] * min(image.height, image.width * rows / columns)
        wide, high = max(1, int(wide + 0.5)), max(1, int(high + 0.5))
        left, top = (image.width - wide) // 2, (image.height - high) // 2
        image = image.convert("L" if channels == 1 else "RGB")
        image = image.crop((left, top, left + wide, top + high))
        values = bytearray(image.resize((columns, rows), p["resample"]).tobytes())
        x = torch.frombuffer(values, dtype=torch.uint8).view(rows, columns, channels).permute(2, 0, 1)
        mean, deviation = torch.tensor(p["image_mean"]), torch.tensor(p["image_std"])
        return ((x / 255 - mean[:, None, None]) / deviation[:, None, None])[None]


def load(folder="."):
    folder = pathlib.Path(folder)
    read = lambda name: json.loads((folder / name).read_text("utf-8"))
    weights = load_file(folder / "model.safetensors")
    return IgcNet(read("config.json"), read("preprocessor_config.json"), weights).eval()
