#include "sheet_page.hpp"

#include "../output/readable.hpp"

namespace faces {

namespace {

constexpr auto head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Identities</title>
<style>
body { font: 15px/1.4 system-ui, sans-serif; color: #282828; background: #fafafa; margin: 2em auto; max-width: 90em;
       padding: 0 1em; }
section { border-top: 1px solid #ddd; padding: 0.5em 0 1.5em; }
h2 small { font-weight: normal; color: #666; }
img { max-width: 100%; height: auto; }
ul { columns: 20em; font-size: 13px; overflow-wrap: anywhere; }
</style>
</head>
<body>
)";

// Text between tags and in quoted attributes.
std::string escaped(const std::string& bytes) {
  std::string text;
  for (const char c : output::readable(bytes)) {
    switch (c) {
      case '&':
        text += "&amp;";
        break;
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '"':
        text += "&quot;";
        break;
      case '\'':
        text += "&#39;";
        break;
      default:
        text += c;
    }
  }
  return text;
}

std::string counted(std::size_t n, const char* one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

}  // namespace

std::string write_page(const std::string& summary, const std::vector<page_entry>& entries) {
  std::string page = head;
  page += "<h1>Identities</h1>\n<p>" + escaped(summary) + "</p>\n";
  for (const page_entry& e : entries) {
    const std::string name = escaped(e.name), sheet = escaped(e.sheet);
    page += "<section id=\"" + name + "\">\n<h2>" + name + " <small>" +
            counted(static_cast<std::size_t>(e.faces), "face") + " in " + counted(e.keys.size(), "item") +
            (e.shown < e.faces ? ", " + std::to_string(e.shown) + " shown" : "") + "</small></h2>\n";
    if (!sheet.empty())
      page += "<a href=\"" + sheet + "\"><img src=\"" + sheet + "\" width=\"" + std::to_string(e.width) +
              "\" height=\"" + std::to_string(e.height) + "\" loading=\"lazy\" alt=\"faces of " + name + "\"></a>\n";
    page += "<details><summary>" + counted(e.keys.size(), "item") + "</summary>\n<ul>\n";
    // A key's direction of writing is its own affair.
    for (const std::string& key : e.keys) page += "<li><bdi>" + escaped(key) + "</bdi></li>\n";
    page += "</ul>\n</details>\n</section>\n";
  }
  return page + "</body>\n</html>\n";
}

}  // namespace faces
