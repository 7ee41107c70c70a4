// The three forms of a report's tables.
#include <algorithm>

#include "bench/report.h"
#include "wire/json_writer.h"

namespace rt::bench {
namespace {

std::vector<size_t> Widths(const Table& table) {
  std::vector<size_t> widths;
  for (const std::string& cell : table.head) widths.push_back(cell.size());
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  return widths;
}

// Numbers to the right.
bool IsNumber(const std::string& cell) {
  return !cell.empty() &&
         cell.find_first_not_of("0123456789.,") == std::string::npos;
}

void AppendPadded(const std::string& cell, size_t width, bool right,
                  std::string* out) {
  const size_t missing = width - cell.size();
  if (right) out->append(missing, ' ');
  *out += cell;
  if (!right) out->append(missing, ' ');
}

void AppendRow(const std::vector<std::string>& row,
               const std::vector<size_t>& widths, std::string* out) {
  for (size_t i = 0; i < row.size(); ++i) {
    *out += "  ";
    AppendPadded(row[i], widths[i], IsNumber(row[i]), out);
  }
  out->erase(out->find_last_not_of(' ') + 1);
  *out += '\n';
}

void AppendMarkdownRow(const std::vector<std::string>& row, std::string* out) {
  *out += '|';
  for (const std::string& cell : row) *out += " " + cell + " |";
  *out += '\n';
}

}  // namespace

std::string ToText(const std::vector<Table>& tables) {
  std::string out;
  for (const Table& table : tables) {
    const std::vector<size_t> widths = Widths(table);
    out += (out.empty() ? "" : "\n") + table.title + "\n\n";
    AppendRow(table.head, widths, &out);
    for (const auto& row : table.rows) AppendRow(row, widths, &out);
  }
  return out;
}

std::string ToMarkdown(const std::vector<Table>& tables) {
  std::string out;
  for (const Table& table : tables) {
    out += (out.empty() ? "" : "\n") + ("### " + table.title) + "\n\n";
    AppendMarkdownRow(table.head, &out);
    out += '|';
    for (size_t i = 0; i < table.head.size(); ++i) {
      const bool right =
          std::any_of(table.rows.begin(), table.rows.end(),
                      [i](const auto& row) { return IsNumber(row[i]); });
      out += right ? "---:|" : "---|";
    }
    out += '\n';
    for (const auto& row : table.rows) AppendMarkdownRow(row, &out);
  }
  return out;
}

std::string TablesToJson(const std::vector<Table>& tables) {
  std::string out = "[";
  for (const Table& table : tables) {
    if (out.size() > 1) out += ",\n ";
    out += "{\"title\":" + JsonString(table.title) + ",\"rows\":[";
    for (size_t r = 0; r < table.rows.size(); ++r) {
      out += r == 0 ? "\n  {" : ",\n  {";
      for (size_t i = 0; i < table.head.size(); ++i) {
        if (i != 0) out += ',';
        out += JsonString(table.head[i]) + ":" + JsonString(table.rows[r][i]);
      }
      out += '}';
    }
    out += "]}";
  }
  return out + "]\n";
}

}  // namespace rt::bench
