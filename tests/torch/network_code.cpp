#include "network_code.hpp"

std::vector<named_code> network_codes() {
  return {
      {"sums", R"(
def forward(self, x: Tensor):
  return torch.conv2d(x, self.weights, None, [1, 1], [1, 1]).sum([2, 3])
)"},
      {"two_inputs", R"(
def forward(self, x: Tensor, y: Tensor):
  return (x + y).sum([2, 3])
)"},
      {"two_outputs", R"(
def forward(self, x: Tensor):
  s = torch.conv2d(x, self.weights, None, [1, 1], [1, 1]).sum([2, 3])
  return (s, s * 2.0)
)"},
      {"nine", R"(
def forward(self, x: Tensor):
  return x.flatten(1).narrow(1, 0, 9)
)"},
      {"whole", R"(
def forward(self, x: Tensor):
  return x.flatten(1).narrow(1, 0, 8).to(4)
)"},
      {"one_row", R"(
def forward(self, x: Tensor):
  return x.flatten(1).narrow(1, 0, 8).sum(0, True)
)"},
      // The row's own values, and no number where one is above 200.
      {"nan", R"(
def forward(self, x: Tensor):
  y = x.flatten(1).narrow(1, 0, 8)
  return y + torch.log(200.5 - y).clamp(0.0, 0.0)
)"},
      // Rows of any shape as they are, and rows of no numbers.
      {"echo", R"(
def forward(self, x: Tensor):
  return x * 1.0
)"},
      {"no_numbers", R"(
def forward(self, x: Tensor):
  return torch.log(x * 0.0 - 1.0)
)"},
      {"throwing", R"(
def forward(self, x: Tensor):
  assert float(x.max()) < 200.5, "too bright"
  return x.flatten(1).narrow(1, 0, 8)
)"},
      {"named", R"(
def encode(self, x: Tensor):
  return x.flatten(1).narrow(1, 0, 8)
)"},
      // Three in a row that LibTorch takes together.
      {"chained", R"(
def forward(self, x: Tensor):
  y = x.flatten(1).narrow(1, 0, 8)
  return y * 0.5 + y.mean() * 2.0 + 1.0
)"},
      // What it gave for the row before, halved, and the row's mean.
      {"decaying", R"(
def forward(self, x: Tensor):
  self.state = self.state * 0.5 + x.mean()
  return self.state
)"},
      // 4 MiB of weights; a row takes twice 768 KiB while it is computed. Each sum is exact in float32, in any order.
      {"heavy", R"(
def forward(self, x: Tensor):
  y = x.repeat([1, 256, 1, 1])
  z = y * 0.00390625
  s = z.sum([2, 3]).repeat([1, 2]).narrow(1, 0, 1024)
  return torch.matmul(s, self.square).narrow(1, 0, 8)
)"},
      // Some milliseconds of one core for each row.
      {"slow", R"(
def forward(self, x: Tensor):
  y = x
  for i in range(24):
    y = torch.conv2d(y, self.weights, None, [1, 1], [1, 1]).narrow(1, 0, 3) * 0.1
    for j in range(4):
      y = torch.conv2d(y, self.weights, None, [1, 1], [1, 1]).narrow(1, 0, 3) * 0.1
  return y.flatten(1).narrow(1, 0, 8)
)"}};
}
