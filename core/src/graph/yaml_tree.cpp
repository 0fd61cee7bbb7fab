// The only file that knows yaml-cpp. YAML::Load is not enough: it drops a second document, marks an empty value at the
// next token, and keeps repeated keys.
#include "yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "text_check.hpp"
#include "yaml_builder.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

struct stop_parsing {};

std::string alias_sentence(const problem_sink& out) {
  return "aliases (*name) are not used in " + out.kind.name + "s; write the value out";
}

class event_reader : public YAML::EventHandler {
 public:
  event_reader(const std::string& text, problem_sink& out) : builder(out), text_(text), out_(out) {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if (i == 0 || text[i - 1] == '\n') starts_.push_back(i);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    out_.error("second_document", place(mark), "a second document begins here; a " + out_.kind.name + " holds one");
    throw stop_parsing();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "?", anchor);
    builder.null_value(place(mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    out_.error("alias", place(mark), alias_sentence(out_));
    builder.null_value(place(mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    builder.scalar(place(mark), value, tag == "!");
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(yaml_node::kind::list, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { builder.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(yaml_node::kind::map, mark, tag, anchor, style);
  }
  void OnMapEnd() override { builder.close(); }

  // The parser counts bytes, people count characters.
  position place(const YAML::Mark& mark) const {
    const std::size_t begin = line_start(mark), end = begin + static_cast<std::size_t>(std::max(mark.column, 0));
    int column = 1;
    for (std::size_t i = begin; i < end; ++i)
      column += i >= text_.size() || (static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80;
    return {mark.line + 1, column};
  }

  yaml_builder builder;

 private:
  void open(yaml_node::kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    check(mark, tag, anchor);
    if (!builder.open(kind, place(mark), style == YAML::EmitterStyle::Flow)) throw stop_parsing();
  }
  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      out_.error("anchor", place(mark),
                 "anchors (&name) are not used in " + out_.kind.name + "s; write the value where it is used");
    // A quoted text has the tag "!" without having been given one.
    if ((tag != "?" && tag != "!") || (tag == "!" && is_tag(mark)))
      out_.error("tag", place(mark), "tags (!name) are not used in " + out_.kind.name + "s; remove it");
  }

  std::size_t line_start(const YAML::Mark& mark) const {
    return starts_[static_cast<std::size_t>(std::clamp(mark.line, 0, static_cast<int>(starts_.size()) - 1))];
  }
  bool is_tag(const YAML::Mark& mark) const {
    const std::size_t at = line_start(mark) + static_cast<std::size_t>(std::max(mark.column, 0));
    return at < text_.size() && text_[at] == '!';
  }

  const std::string& text_;
  problem_sink& out_;
  std::vector<std::size_t> starts_;  // of the lines
  int documents_ = 0;
};

struct syntax_sentence {
  const char* parser;
  const char* ours;
};

// The parser's words for mistakes people make, in words that say what to do.
const syntax_sentence sentences[] = {
    {YAML::ErrorMsg::END_OF_MAP, "this line does not fit the lines above; check its indentation and its ':'"},
    {YAML::ErrorMsg::END_OF_SEQ,
     "this line does not fit the list above; each entry begins with '- ', equally indented"},
    {YAML::ErrorMsg::FLOW_END, "this bracket does not close the one that is open"},
    {YAML::ErrorMsg::MAP_VALUE, "a ':' is not possible here; check the indentation, or put the text in quotes"},
    {YAML::ErrorMsg::MAP_KEY, "a key is not possible here; check the indentation"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a list entry ('- ') is not possible here; check the indentation"},
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab stands in the indentation; use spaces"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "a text cannot begin with this character; put the text in quotes"},
};

void report(const YAML::ParserException& e, const event_reader& reader, problem_sink& out) {
  const std::string message = e.msg;
  if (message == YAML::ErrorMsg::UNKNOWN_ANCHOR) {
    out.error("alias", reader.place(e.mark), alias_sentence(out));
    return;
  }
  const auto bracket = reader.builder.open_bracket();
  if (bracket && (message == YAML::ErrorMsg::END_OF_MAP_FLOW || message == YAML::ErrorMsg::END_OF_SEQ_FLOW)) {
    const position at = reader.place(e.mark);
    const bool map = message == YAML::ErrorMsg::END_OF_MAP_FLOW;
    const char* sentence = map ? "this '{' is not closed: a '}' or a ',' is missing before line "
                               : "this '[' is not closed: a ']' or a ',' is missing before line ";
    out.error("syntax", *bracket, sentence + std::to_string(at.line) + ", column " + std::to_string(at.column));
    return;
  }
  for (const syntax_sentence& s : sentences)
    if (message == s.parser) return out.error("syntax", reader.place(e.mark), s.ours);
  out.error("syntax", reader.place(e.mark), "this is not YAML: " + message);
}

}  // namespace

std::optional<yaml_node> read_yaml(const std::string& text, problem_sink& out) {
  const std::string body = text.compare(0, 3, "\xef\xbb\xbf") == 0 ? text.substr(3) : text;
  const std::size_t before = out.errors();
  check_text(body, out);
  if (out.errors() > before) return std::nullopt;
  std::istringstream stream(body);
  event_reader reader(body, out);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(reader)) {}
  } catch (const stop_parsing&) {
    return std::nullopt;
  } catch (const YAML::ParserException& e) {
    report(e, reader, out);
    return std::nullopt;
  } catch (const YAML::Exception& e) {  // nested deeper than the parser itself goes, for one
    out.error("syntax", reader.place(e.mark), "this is not YAML: " + e.msg);
    return std::nullopt;
  }
  return reader.builder.take();
}

std::optional<yaml_node> read_yaml_map(const std::string& text, problem_sink& out) {
  const std::size_t before = out.problems();
  std::optional<yaml_node> root = read_yaml(text, out);
  // A repeated key leaves a tree that can be read on; whatever else YAML has to say does not.
  if (!root || out.any_but("repeated_key", before)) return std::nullopt;
  if (root->is == yaml_node::kind::null) {
    out.error("empty_file", {}, "the " + out.kind.name + " is empty; it needs " + out.kind.needs);
    return std::nullopt;
  }
  if (!expect_map(*root, "a " + out.kind.name, out)) return std::nullopt;
  return root;
}

namespace {

void move_all(yaml_node& node, position at) {
  node.at = at;
  for (yaml_node& item : node.items) move_all(item, at);
  for (auto& entry : node.entries) {
    move_all(entry.first, at);
    move_all(entry.second, at);
  }
}

}  // namespace

std::optional<yaml_node> read_yaml_value(const std::string& text, position at, std::string& fault) {
  if (!is_utf8(text)) {  // it goes into the run directory's graph.resolved.yaml
    fault = "the value is not UTF-8";
    return std::nullopt;
  }
  const bool bare = text.empty() || std::string("[{\"'").find(text[0]) == std::string::npos;
  if (bare) {  // as the shell gave it: a ':' or '#' in a text needs no second quoting
    yaml_node value;
    const bool null = text == "null" || text == "~";
    value.is = null ? yaml_node::kind::null : yaml_node::kind::scalar;
    value.text = text;
    value.quoted = text.empty();
    value.at = at;
    return value;
  }
  std::vector<problem> problems;
  problem_sink out({}, {}, problems);
  std::optional<yaml_node> value = read_yaml(text, out);
  if (!problems.empty()) {
    const bool syntax = problems.front().rule == "syntax";
    fault = syntax ? "check the value's brackets and quotes" : problems.front().text;
    return std::nullopt;
  }
  if (value) move_all(*value, at);
  return value;
}

}  // namespace flowrun::core
