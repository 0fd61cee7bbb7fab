// The rows to be clustered, as the caller holds them; nothing here copies them.
#pragma once
#include <cstddef>
#include <cstdint>

namespace hdbscan {

using point_id = std::uint32_t;

// Row-major: point i is the `dims` floats from data + i * dims.
struct points {
  const float* data = nullptr;
  std::size_t count = 0, dims = 0;

  const float* row(std::size_t i) const { return data + i * dims; }
};

}  // namespace hdbscan
