#include "output_list.hpp"

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue_inl.h>

#include <stdexcept>

namespace flowrun::torch_backend {

static void add(const c10::IValue& value, std::vector<at::Tensor>& all) {
  if (value.isTensor()) {
    all.push_back(value.toTensor());
  } else if (value.isTuple()) {
    for (const c10::IValue& v : value.toTupleRef().elements()) add(v, all);
  } else if (value.isTensorList()) {
    for (const at::Tensor& t : value.toTensorVector()) all.push_back(t);
  } else if (value.isList()) {
    for (const c10::IValue& v : value.toListRef()) add(v, all);
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) add(entry.value(), all);
  } else {
    throw std::runtime_error("it gave a value of type " + value.tagKind() + ", not tensors");
  }
}

std::vector<at::Tensor> list_outputs(const c10::IValue& value) {
  std::vector<at::Tensor> all;
  add(value, all);
  return all;
}

}  // namespace flowrun::torch_backend
