#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>

#include <flowrun/atomic_file.hpp>
#include <flowrun/testing.hpp>
#include <fstream>
#include <iterator>
#include <thread>

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& p) {
  std::ifstream in(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}
void write(const fs::path& p, const std::string& text) {
  flowrun::write_file_atomically(p, text.data(), text.size());
}

}  // namespace

TEST_CASE("a file is written whole, replaced whole, and nothing else is left") {
  flowrun::testing::temporary_folder t;
  const fs::path file = t.path() / "a b.txt";
  write(file, "first");
  CHECK(content(file) == "first");
  const std::string big(3 << 20, 'x');
  write(file, big);
  CHECK(content(file) == big);
  write(file, "");
  CHECK(fs::file_size(file) == 0);
  CHECK(files_in(t.path()) == 1);
  const fs::path before = fs::current_path();
  fs::current_path(t.path());
  write("here", "relative");
  fs::current_path(before);
  CHECK(content(t.path() / "here") == "relative");
}

TEST_CASE("what cannot be written is one sentence, and leaves nothing") {
  flowrun::testing::temporary_folder t;
  const std::string missing = (t.path() / "no/file").string();
  CHECK_THROWS_WITH_AS(write(missing, "x"), (missing + ": create: No such file or directory").c_str(),
                       std::runtime_error);
  write(t.path() / "file", "x");
  const std::string below = (t.path() / "file/below").string();
  CHECK_THROWS_WITH_AS(write(below, "x"), (below + ": create: Not a directory").c_str(), std::runtime_error);
  const fs::path folder = t.path() / "folder";
  fs::create_directory(folder);
  CHECK_THROWS_WITH_AS(write(folder, "x"), (folder.string() + ": rename: Is a directory").c_str(), std::runtime_error);
  CHECK(files_in(t.path()) == 2);
}

TEST_CASE("a folder that may not be written") {
  flowrun::testing::temporary_folder t;
  const std::string file = (t.path() / "file").string();
  fs::permissions(t.path(), fs::perms(0555));
  const bool root = ::geteuid() == 0;
  if (root) REQUIRE(::seteuid(65534) == 0);
  std::string text;
  try {
    write(file, "x");
  } catch (const flowrun::run_error&) {
    text = "a run_error";
  } catch (const std::exception& e) {
    text = e.what();
  }
  if (root) REQUIRE(::seteuid(0) == 0);
  fs::permissions(t.path(), fs::perms(0755));
  CHECK(text == file + ": create: Permission denied");
  CHECK(files_in(t.path()) == 0);
}

TEST_CASE("a full disk concerns the run, and leaves nothing") {
  // A file size limit answers EFBIG, so a disk that is full is a small tmpfs: only where root may mount one.
  flowrun::testing::temporary_folder t;
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", t.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
    MESSAGE("skipped: no tmpfs can be mounted here");
    return;
  }
  const std::string file = (t.path() / "file").string(), big(1 << 20, 'x');
  CHECK_THROWS_WITH_AS(write(file, big), (file + ": write: No space left on device").c_str(), flowrun::run_error);
  CHECK(files_in(t.path()) == 0);
  ::umount2(t.path().c_str(), MNT_DETACH);
}

TEST_CASE("many threads write one name") {
  flowrun::testing::temporary_folder t;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int k = 0; k < 20; ++k) write(t.path() / "one", std::string(1000, static_cast<char>('a' + i)));
    });
  for (std::thread& x : threads) x.join();
  const std::string all = content(t.path() / "one");
  REQUIRE(all.size() == 1000);
  CHECK(all == std::string(1000, all[0]));
  CHECK(files_in(t.path()) == 1);
}
