// One array as numpy.save writes it: a header like a Python dict, then the numbers.
#include <cstring>
#include <optional>
#include <stdexcept>

#include "npz_file.hpp"

namespace flowrun::core {

namespace {

constexpr char magic[] = "\x93NUMPY";
constexpr std::size_t magic_bytes = 6;

// What stands behind 'key': in the header's dict, up to its end.
std::string value_of(const std::string& header, const std::string& key, const std::string& what) {
  const std::size_t at = header.find("'" + key + "':");
  if (at == std::string::npos) throw std::runtime_error(what + " has no '" + key + "' in its header");
  const std::size_t from = header.find_first_not_of(' ', at + key.size() + 3);
  if (from == std::string::npos) throw std::runtime_error(what + " has a cut-off header");
  const char first = header[from];
  const std::size_t to = first == '(' ? header.find(')', from) : header.find_first_of(",}", from);
  if (to == std::string::npos) throw std::runtime_error(what + " has a cut-off header");
  return header.substr(from, to - from);
}

std::vector<std::int64_t> read_shape(const std::string& text, const std::string& what) {
  std::vector<std::int64_t> shape;
  std::size_t at = 1;  // behind the parenthesis
  while ((at = text.find_first_of("0123456789", at)) != std::string::npos) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    if (end - at > 9) throw std::runtime_error(what + " has a side of more than 999999999");
    shape.push_back(std::stoll(text.substr(at, end - at)));
    at = end;
  }
  return shape;
}

std::optional<dtype> type_named(const std::string& name) {
  if (name == "f4" || name == "f8") return dtype::float32;
  if (name == "f2") return dtype::float16;
  if (name == "u1") return dtype::uint8;
  if (name == "i4") return dtype::int32;
  if (name == "i8") return dtype::int64;
  if (name == "b1") return dtype::boolean;
  return std::nullopt;
}

std::size_t multiply(const std::vector<std::int64_t>& shape, std::size_t bytes, std::size_t most) {
  for (const std::int64_t side : shape) {
    if (side > 0 && bytes > most / static_cast<std::size_t>(side)) return most + 1;
    bytes *= static_cast<std::size_t>(side);
  }
  return bytes;
}

}  // namespace

tensor read_npy(const std::string& bytes, const std::string& what) {
  if (bytes.size() < 12 || bytes.compare(0, magic_bytes, magic, magic_bytes) != 0)
    throw std::runtime_error(what + " is no array of numpy");
  const auto byte = [&bytes](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const bool long_header = byte(6) >= 2;
  const std::size_t start = long_header ? 12 : 10;
  const std::size_t header_bytes = byte(8) | byte(9) << 8 | (long_header ? byte(10) << 16 | byte(11) << 24 : 0);
  if (header_bytes > bytes.size() - start) throw std::runtime_error(what + " has a cut-off header");
  const std::string header = bytes.substr(start, header_bytes);
  const std::string descr = value_of(header, "descr", what);  // '<f4'
  const auto type = descr.size() == 5 && descr[1] != '>' ? type_named(descr.substr(2, 2)) : std::nullopt;
  if (!type)
    throw std::runtime_error(what + " has the type " + descr +
                             "; it must be float32, float64, float16, uint8, int32, int64 or bool");
  if (value_of(header, "fortran_order", what) != "False")
    throw std::runtime_error(what + " is in Fortran order; save numpy.ascontiguousarray of it");
  const bool wide = descr.substr(2, 2) == "f8";
  const auto shape = read_shape(value_of(header, "shape", what), what);
  const std::size_t there = bytes.size() - start - header_bytes;
  if (multiply(shape, wide ? sizeof(double) : dtype_bytes(*type), there) != there)
    throw std::runtime_error(what + " has not as many values as its shape tells");
  tensor made = make_tensor(*type, shape);
  const char* from = bytes.data() + start + header_bytes;
  if (!wide) {
    std::memcpy(made.data.get(), from, there);
    return made;
  }
  for (float& to : made.values<float>()) {
    double value = 0;
    std::memcpy(&value, from, sizeof value);
    from += sizeof value;
    to = static_cast<float>(value);
  }
  return made;
}

}  // namespace flowrun::core
