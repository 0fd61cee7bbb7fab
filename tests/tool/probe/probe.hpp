// What the test stages of all probe plugins share: their value, a note to the outside of each call, and how to fail.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <flowrun/plugin.hpp>
#include <thread>

namespace probe {

struct mark_value {
  static constexpr auto port = "probe.mark/1";
  std::string key, pad;
  int width = 0, height = 0;
  std::int64_t sum = 0;
  static void fields(flowrun::fields<mark_value>& f) {
    f.field("key", &mark_value::key, "of the item").field("pad", &mark_value::pad, "filling, of the size asked for");
    f.field("width", &mark_value::width, "px").field("height", &mark_value::height, "px");
    f.field("sum", &mark_value::sum, "of all bytes of the picture");
  }
};

// One line to a file that only ever grows: what is in it survives a kill -9.
inline void append(const std::string& file, std::string_view line) {
  if (file.empty()) return;
  std::string text(line);
  for (char& c : text)
    if (c == '\n') c = '?';
  text += '\n';
  int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  bool whole = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ::close(fd);
  if (!whole) throw std::runtime_error("the probe cannot write " + file);
}

inline void pause(int microseconds) {
  if (microseconds > 0) std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
}

inline bool holds(std::string_view key, const std::string& part) {
  return !part.empty() && key.find(part) != std::string_view::npos;
}

// What all of them can be told.
struct common {
  std::string file;
  int sleep_us = 0;
  std::string fail, skip;

  template <class T> static void declare(flowrun::description<T>& d) {
    d.param("file", &T::file, "each call's item key is appended to it; empty: none");
    d.param("sleep_us", &T::sleep_us, "of each call").range(0, 60'000'000);
    d.param("fail", &T::fail, "items whose key holds this fail");
    d.param("skip", &T::skip, "items whose key holds this are skipped");
  }
  void note(const flowrun::item_info& item) const {
    append(file, item.key);
    pause(sleep_us);
    if (holds(item.key, fail)) throw std::runtime_error("the probe was told to fail");
    if (holds(item.key, skip)) throw flowrun::skip("the probe was told to skip");
  }
};

}  // namespace probe
