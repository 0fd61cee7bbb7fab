#!/usr/bin/env python3
"""Writes ViT-B/32 (torchvision) with random weights into FOLDER: vit-b-32.pt and vit-b-32.export.pt2."""
import os
import sys
import warnings

import torch
import torchvision

warnings.filterwarnings("ignore")
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
torch.manual_seed(1)
network = torchvision.models.vit_b_32(weights=None).eval()
torch.nn.init.normal_(network.heads.head.weight, std=0.05)  # torchvision leaves zeros: all pictures would be alike
example = torch.zeros(2, 3, 224, 224)
with torch.no_grad():
    torch.jit.trace(network, example).save(os.path.join(folder, "vit-b-32.pt"))
batch = torch.export.Dim("batch", min=1, max=1024)
program = torch.export.export(network, (example,), dynamic_shapes=({0: batch},))
torch.export.save(program, os.path.join(folder, "vit-b-32.export.pt2"))
