// The page of all contact sheets.
#pragma once
#include <string>
#include <vector>

namespace faces {

struct page_entry {
  std::string name, sheet;    // "0007", "0007.jpg"; sheet is empty where there is none
  int width = 0, height = 0;  // px; of the sheet
  int faces = 0, shown = 0;
  std::vector<std::string> keys;  // of the items, each once; any bytes
};

// HTML that needs no file but the sheets beside it. `summary` stands below the title.
std::string write_page(const std::string& summary, const std::vector<page_entry>& entries);

}  // namespace faces
