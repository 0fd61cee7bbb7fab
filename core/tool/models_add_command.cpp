#include <cstdio>

#include <flowrun/models.hpp>

#include "models_commands.hpp"

namespace tool {

namespace {

struct arguments {
  engine_search search;
  std::string file, labels, out;
  flowrun::model_addition wanted;
};

int add_model(const arguments& a) {
  flowrun::model_addition wanted = a.wanted;
  wanted.network = a.file;
  wanted.labels = a.labels;
  wanted.folder = a.out.empty() ? own_models_folder() : std::filesystem::path(a.out);
  const flowrun::added_model made = flowrun::add_model(a.search.options(), wanted);
  if (!made.fault.empty()) {
    std::fprintf(stderr, "flowrun: %s\n", made.fault.c_str());
    return unavailable;
  }
  std::printf("%s", made.text.c_str());
  std::fprintf(stderr, "written: %s\n", made.file.c_str());
  return ok;
}

}  // namespace

void add_models_add(CLI::App& models, action& todo) {
  auto a = std::make_shared<arguments>();
  CLI::App* c = models.add_subcommand(
      "add", "Write a model file for a network of your own: opens it, runs it and notes what it gives");
  c->add_option("file", a->file, "The network, such as a TorchScript .pt; it stays where it is")
      ->required()
      ->type_name("FILE");
  c->add_option("--input", a->wanted.inputs,
                "Shape of one row, such as 3x224x224, or tokens=77:int64; for each input, in order (repeatable)")
      ->required()
      ->type_name("SHAPE")
      ->allow_extra_args(false);
  c->add_option("--output", a->wanted.output_names, "Name of an output, in order (repeatable)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  c->add_option("--name", a->wanted.name, "Name of the model (default: the file's)")->type_name("NAME");
  c->add_option("--task", a->wanted.task, "What it is for, such as classify or embed")->type_name("TASK");
  c->add_option("--labels", a->labels, "Names of its classes, one a line")->type_name("FILE");
  c->add_option("--licence", a->wanted.licence, "Licence of its weights")->type_name("TEXT");
  c->add_option("--preprocess", a->wanted.preprocess,
                "How an image becomes a row: imagenet, unit (0..1), signed (-1..1) (default: the input is no image)")
      ->type_name("NAME");
  c->add_option("--backend", a->wanted.backend, "What opens it (default: by the file's ending)")->type_name("NAME");
  c->add_option("-o,--out", a->out, "Folder of the model file (default: the user's, see models list)")
      ->type_name("DIR");
  c->add_flag("--force", a->wanted.replace, "Replace a model file that is there already");
  declare_search(*c, a->search);
  c->footer("example: flowrun models add net.pt --input 3x224x224 --task classify --preprocess imagenet");
  c->callback([a, &todo] { todo = [a] { return add_model(*a); }; });
}

}  // namespace tool
