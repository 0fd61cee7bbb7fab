// Tensors that go to another library and come back, and who frees what.
#include <flowrun/dlpack.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstring>

using namespace flowrun;

// The layout that dlpack.h has on machines of 64 bits.
static_assert(sizeof(dlpack::array) == 48 && sizeof(dlpack::managed_array) == 64);
static_assert(offsetof(dlpack::array, device) == 8 && offsetof(dlpack::array, ndim) == 16 &&
              offsetof(dlpack::array, dtype) == 20 && offsetof(dlpack::array, shape) == 24 &&
              offsetof(dlpack::array, strides) == 32 && offsetof(dlpack::array, byte_offset) == 40);
static_assert(offsetof(dlpack::managed_array, manager_ctx) == 48 && offsetof(dlpack::managed_array, deleter) == 56);

namespace {

tensor counted(int& freed, place where = {}) {
  tensor t = make_tensor(dtype::int32, {2, 3});
  for (int i = 0; i < 6; ++i) t.values<std::int32_t>()[static_cast<std::size_t>(i)] = i;
  auto held = t.data;
  t.data = std::shared_ptr<void>(held.get(), [held, &freed](void*) { ++freed; });
  t.where = where;
  return t;
}

// What another library gives: its own values and shape, and a deleter that counts.
struct foreign {
  std::vector<float> values = {0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<std::int64_t> shape = {3, 2}, strides = {2, 1};
  int deleted = 0;
  dlpack::managed_array given{};
  foreign() {
    given.dl_tensor = {values.data(), {dlpack::on_cpu, 0}, 2, {dlpack::code_float, 32, 1},
                       shape.data(),  strides.data(),      8};
    given.manager_ctx = this;
    given.deleter = [](dlpack::managed_array* self) { ++static_cast<foreign*>(self->manager_ctx)->deleted; };
  }
  std::string refusal() {
    try {
      dlpack::take(&given);
    } catch (const std::invalid_argument& e) {
      CHECK(deleted == 0);  // still the caller's
      return e.what();
    }
    return "taken";
  }
};

}  // namespace

TEST_CASE("a tensor that is given shares its memory, until the taker calls the deleter") {
  int freed = 0;
  tensor t = counted(freed);
  void* data = t.data.get();
  dlpack::managed_array* given = dlpack::give(std::move(t));
  t = {};
  CHECK(freed == 0);
  const dlpack::array& a = given->dl_tensor;
  CHECK(a.data == data);
  CHECK(a.ndim == 2);
  CHECK(a.shape[1] == 3);
  CHECK(a.strides == nullptr);
  CHECK(a.byte_offset == 0);
  CHECK(a.device.type == 1);
  CHECK(a.dtype.code == 0);
  CHECK(a.dtype.bits == 32);
  CHECK(a.dtype.lanes == 1);
  given->deleter(given);
  CHECK(freed == 1);
}

TEST_CASE("a tensor that goes over and comes back is the same memory, freed once, by the last that shares it") {
  int freed = 0;
  for (place where : {place{}, place{place::cuda, 2}}) {
    freed = 0;
    tensor t = counted(freed, where);
    void* data = t.data.get();
    tensor back = dlpack::take(dlpack::give(std::move(t)));
    t = {};
    CHECK(back.data.get() == data);
    CHECK(back.shape == std::vector<std::int64_t>{2, 3});
    CHECK(back.type == dtype::int32);
    CHECK(back.where == where);
    if (where.on_cpu()) CHECK(back.values<const std::int32_t>()[5] == 5);
    tensor other = back;
    back = {};
    CHECK(freed == 0);
    other = {};
    CHECK(freed == 1);
  }
}

TEST_CASE("a tensor on a simulated device is given to nobody") {
  int freed = 0;
  CHECK_THROWS_WITH_AS(dlpack::give(counted(freed, {place::sim, 0})),
                       "a tensor on sim:0, a simulated device that other libraries do not know; fetch() it first",
                       std::invalid_argument);
  CHECK(freed == 1);
}

TEST_CASE("every type goes over and comes back") {
  for (dtype type :
       {dtype::float32, dtype::float16, dtype::bfloat16, dtype::uint8, dtype::int32, dtype::int64, dtype::boolean})
    CHECK(dlpack::take(dlpack::give(make_tensor(type, {2}))).type == type);
  CHECK(dlpack::take(dlpack::give(make_tensor(dtype::uint8, {0, 4}))).count() == 0);
  CHECK(dlpack::take(dlpack::give(make_tensor(dtype::uint8, {}))).count() == 1);
}

TEST_CASE("an array of another library is taken where it lies, its deleter called once") {
  foreign f;
  {
    tensor t = dlpack::take(&f.given);
    CHECK(t.shape == std::vector<std::int64_t>{3, 2});
    CHECK(t.values<const float>()[0] == 2);  // 8 bytes on
    CHECK(t.data.get() == &f.values[2]);
    tensor again = t;
    t = {};
    CHECK(f.deleted == 0);
  }
  CHECK(f.deleted == 1);
  foreign none;
  none.given.deleter = nullptr;
  dlpack::take(&none.given);
  CHECK(none.deleted == 0);
  foreign one_wide;
  one_wide.shape = {6, 1};
  one_wide.strides = {1, 77};  // of a single value: it says nothing
  CHECK(dlpack::take(&one_wide.given).count() == 6);
  foreign pinned;
  pinned.given.dl_tensor.device.type = dlpack::on_cuda_host;
  CHECK(dlpack::take(&pinned.given).where.on_cpu());
}

TEST_CASE("what no tensor can be is refused and stays the caller's") {
  foreign turned;
  turned.strides = {1, 3};
  CHECK(turned.refusal() == "a DLPack array that is not row-major and contiguous; make it so before it is given");
  foreign wide;
  wide.given.dl_tensor.dtype.bits = 64;
  CHECK(wide.refusal() ==
        "a DLPack array of type code 2, 64 bits, 1 lanes; right: float32, float16, bfloat16, uint8, int32, int64 or "
        "bool");
  foreign elsewhere;
  elsewhere.given.dl_tensor.device.type = 10;
  CHECK(elsewhere.refusal() ==
        "a DLPack array on a device of type 10; right: the CPU (1), CUDA (2) or page-locked memory (3)");
}
