// What is hashed is what is read, and what does not match is not opened.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <utility>

#include "model/opened_model.hpp"
#include "model_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;
namespace fs = std::filesystem;

namespace {

struct model_in_folder {
  test::scratch_folder folder;
  model_file model;
  model_in_folder() {
    model.name = "x";
    model.file = (folder.path / "x.yaml").string();
    model.variants.resize(1);
    model.variants[0].backend = "sim";
    model.variants[0].path = "x.sim";
    model.variants[0].sha256 = test::network_sha256;
  }
  fs::path file() const { return folder.path / "x.sim"; }
  std::string refusal() const {
    try {
      opened_model opened(model, model.variants[0]);
    } catch (const model_error& e) {
      return e.what();
    }
    return "opened";
  }
  std::string start() const { return "model 'x' (" + model.file + "): its file " + file().string() + " "; }
};

std::size_t open_descriptors() {
  std::size_t n = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) n += entry.path().empty() ? 0 : 1;
  return n;
}

}  // namespace

TEST_CASE("sums of known texts") {  // FIPS 180-2, appendix B
  CHECK(sha256_of_text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_of_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_of_text(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a file of several blocks has the sum of its text") {
  model_in_folder m;
  std::string text;
  for (int i = 0; text.size() < (5 << 20) / 2; ++i) text += std::to_string(i);
  test::write_text(m.file(), text);
  m.model.variants[0].sha256 = sha256_of_text(text);
  const opened_model opened(m.model, m.model.variants[0]);
  CHECK(opened.sha256() == sha256_of_text(text));
  CHECK(test::file_text(opened.path()) == text);
}

TEST_CASE("a file that is replaced after it was opened still reads what was checked") {
  model_in_folder m;
  test::write_text(m.file(), "the network\n");
  const opened_model opened(m.model, m.model.variants[0]);
  test::write_text(m.folder.path / "new", "another network\n");
  fs::rename(m.folder.path / "new", m.file());
  CHECK(test::file_text(m.file()) == "another network\n");
  CHECK(test::file_text(opened.path()) == "the network\n");
  fs::remove(m.file());
  CHECK(test::file_text(opened.path()) == "the network\n");
  CHECK(opened.path().rfind("/proc/self/fd/", 0) == 0);
}

TEST_CASE("the descriptor begins at the file's start, is closed on exec, and is closed once") {
  model_in_folder m;
  test::write_text(m.file(), "the network\n");
  const std::size_t before = open_descriptors();
  {
    opened_model first(m.model, m.model.variants[0]);
    const int descriptor = std::atoi(first.path().substr(14).c_str());
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(::lseek(descriptor, 0, SEEK_CUR) == 0);
    const std::string path = first.path();
    const opened_model second(std::move(first));
    CHECK(second.path() == path);
    CHECK(test::file_text(second.path()) == "the network\n");
    CHECK(open_descriptors() == before + 1);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("what is refused, and why") {
  model_in_folder m;
  const std::size_t before = open_descriptors();
  CHECK(m.refusal() == m.start() +
                           "cannot be opened: No such file or directory; fetch or export it, or correct its path in "
                           "the model file");
  test::write_text(m.file(), "another network\n");
  CHECK(m.refusal() == m.start() + "has sha256 " + sha256_of_text("another network\n") + ", the model file says " +
                           test::network_sha256 +
                           "; fetch it again, or put the new sum into the model file if you trust it");
  fs::remove(m.file());
  fs::create_directory(m.file());
  CHECK(m.refusal() == m.start() + "is a folder; correct its path in the model file");
  fs::remove(m.file());
  REQUIRE(::mkfifo(m.file().c_str(), 0600) == 0);
  CHECK(m.refusal() == m.start() + "is no regular file; correct its path in the model file");
  CHECK(open_descriptors() == before);
}

TEST_CASE("the path is relative to the model file, and a link may lead elsewhere") {
  model_in_folder m;
  fs::create_directory(m.folder.path / "weights");
  test::write_text(m.folder.path / "weights/net.sim", "the network\n");
  fs::create_symlink("weights/net.sim", m.file());
  CHECK(m.refusal() == "opened");
  m.model.variants[0].path = "weights/net.sim";
  CHECK(m.refusal() == "opened");
}
