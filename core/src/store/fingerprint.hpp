// 128 bits over a list of texts, numbers and bytes, each with its kind and length: no two lists run together.
#pragma once
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace flowrun::core {

class fingerprint_hash {
 public:
  fingerprint_hash();
  ~fingerprint_hash();
  fingerprint_hash(fingerprint_hash&&) noexcept;
  fingerprint_hash& operator=(fingerprint_hash&&) noexcept;

  fingerprint_hash& add(std::string_view text);
  fingerprint_hash& add(const char* text) { return add(std::string_view(text)); }
  fingerprint_hash& add(const std::string& text) { return add(std::string_view(text)); }
  fingerprint_hash& add(const void* bytes, std::size_t size);
  // true, 1 and 1.0 are three different things.
  template <std::integral T> fingerprint_hash& add(T number) {
    if constexpr (std::same_as<T, bool>) return add_boolean(number);
    if constexpr (std::unsigned_integral<T>) return add_unsigned(number);
    return add_signed(static_cast<std::int64_t>(number));
  }
  template <std::floating_point T> fingerprint_hash& add(T number) { return add_float(static_cast<double>(number)); }

  std::string bytes() const;  // 16

 private:
  fingerprint_hash& add_boolean(bool value);
  fingerprint_hash& add_signed(std::int64_t number);
  fingerprint_hash& add_unsigned(std::uint64_t number);
  fingerprint_hash& add_float(double number);
  fingerprint_hash& add_part(char kind, const void* bytes, std::uint64_t size);

  struct state;
  std::unique_ptr<state> s_;
};

}  // namespace flowrun::core
