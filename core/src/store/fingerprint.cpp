#include "fingerprint.hpp"

#include <xxhash.h>

#include <new>

namespace flowrun::core {

struct fingerprint_hash::state {
  XXH3_state_t* raw = XXH3_createState();
  state() {
    if (!raw || XXH3_128bits_reset(raw) != XXH_OK) throw std::bad_alloc();
  }
  ~state() { XXH3_freeState(raw); }
};

fingerprint_hash::fingerprint_hash() : s_(std::make_unique<state>()) {}
fingerprint_hash::~fingerprint_hash() = default;
fingerprint_hash::fingerprint_hash(fingerprint_hash&&) noexcept = default;
fingerprint_hash& fingerprint_hash::operator=(fingerprint_hash&&) noexcept = default;

fingerprint_hash& fingerprint_hash::add_part(char kind, const void* bytes, std::uint64_t size) {
  XXH3_128bits_update(s_->raw, &kind, 1);
  XXH3_128bits_update(s_->raw, &size, sizeof size);
  if (size > 0) XXH3_128bits_update(s_->raw, bytes, size);
  return *this;
}

fingerprint_hash& fingerprint_hash::add(std::string_view text) {
  return add_part('t', text.data(), text.size());
}
fingerprint_hash& fingerprint_hash::add(const void* bytes, std::size_t size) {
  return add_part('r', bytes, size);
}
fingerprint_hash& fingerprint_hash::add_boolean(bool value) {
  return add_part('b', &value, sizeof value);
}
fingerprint_hash& fingerprint_hash::add_signed(std::int64_t number) {
  return add_part('i', &number, sizeof number);
}
// 7 is the same whole number whatever integer type it came in.
fingerprint_hash& fingerprint_hash::add_unsigned(std::uint64_t number) {
  return add_part(number >> 63 ? 'u' : 'i', &number, sizeof number);
}
fingerprint_hash& fingerprint_hash::add_float(double number) {
  if (number == 0) number = 0;  // -0.0 and 0.0 are one value
  return add_part('f', &number, sizeof number);
}

std::string fingerprint_hash::bytes() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(s_->raw));
  return std::string(reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest);
}

}  // namespace flowrun::core
