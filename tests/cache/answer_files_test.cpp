// The folder of cached answers: what is in it is there whole or not at all, and what was not used for longest goes
// first.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include <flowrun/testing.hpp>

#include "cache/answer_files.hpp"

using flowrun::core::answer_files;
using flowrun::testing::temporary_folder;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all.push_back(entry.path());
  return all;
}

std::string key(int n) {
  return std::string(15, 'k') + static_cast<char>(n);
}

void age(const fs::path& file, int seconds) {
  fs::last_write_time(file, fs::last_write_time(file) - std::chrono::seconds(seconds));
}

}  // namespace

TEST_CASE("what was written is read, what was not is not there") {
  temporary_folder t;
  answer_files cache(t.path() / "a" / "b", 1 << 20);
  CHECK_FALSE(cache.read(key(1)));
  cache.write(key(1), "one");
  cache.write(key(2), std::string("\0two", 4));
  CHECK(*cache.read(key(1)) == "one");
  CHECK(*cache.read(key(2)) == std::string("\0two", 4));
  cache.write(key(1), "");
  CHECK(cache.read(key(1))->empty());
  CHECK(cache.fault().empty());
  CHECK(files_in(t.path()).size() == 2);
}

TEST_CASE("a damaged file is not there") {
  temporary_folder t;
  answer_files cache(t.path(), 1 << 20);
  cache.write(key(1), "a longer answer");
  const fs::path file = files_in(t.path()).at(0);
  fs::resize_file(file, fs::file_size(file) - 1);
  CHECK_FALSE(cache.read(key(1)));
  cache.write(key(1), "a longer answer");
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << "b";
  CHECK_FALSE(cache.read(key(1)));
  fs::resize_file(file, 3);
  CHECK_FALSE(cache.read(key(1)));
}

TEST_CASE("what was not used for longest goes first, down to nine tenths") {
  temporary_folder t;
  answer_files cache(t.path(), 10 * 1008);
  for (int n = 0; n < 10; ++n) cache.write(key(n), std::string(1000, 'x'));
  CHECK(cache.trim() == 0);
  int seconds = 0;
  for (const fs::path& file : files_in(t.path())) age(file, 100 + seconds++);
  CHECK(cache.read(key(3)));  // used now
  cache.write(key(10), std::string(1000, 'x'));
  CHECK(cache.trim() == 2);
  CHECK(files_in(t.path()).size() == 9);
  CHECK(cache.read(key(3)));
  CHECK(cache.read(key(10)));
}

TEST_CASE("a folder that cannot be written is told once and left alone") {
  temporary_folder t;
  std::ofstream(t.path() / "file") << "in the way";
  answer_files cache(t.path() / "file", 1 << 20);
  cache.write(key(1), "one");
  cache.write(key(2), "two");
  CHECK(cache.fault() ==
        (t.path() / "file").string() + ": cannot be made: Not a directory; answers are not kept for later");
  CHECK_FALSE(cache.read(key(1)));
}

TEST_CASE("threads and two owners of one folder: an answer is whole or not there") {
  temporary_folder t;
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([&, n] {
      answer_files cache(t.path(), 4000);
      for (int round = 0; round < 200; ++round) {
        cache.write(key(round % 9), std::string(500, static_cast<char>('a' + round % 9)));
        if (auto got = cache.read(key((round + n) % 9)))
          if (*got != std::string(500, static_cast<char>('a' + (round + n) % 9))) ++wrong;
        if (round % 50 == 0) cache.trim();
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
