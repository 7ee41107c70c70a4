#include "db/sql_text.h"

namespace rt {

namespace {

class Writer {
 public:
  Writer(const DatabaseConfig& config, const SqlDialect& dialect)
      : config_(config), dialect_(dialect) {}

  // Turns `[column]`, `{table}` and `?` into the dialect's own spelling.
  std::string Write(std::string_view text) const {
    std::string sql;
    int parameters = 0;
    while (!text.empty()) {
      const char c = text.front();
      if (c == '[' || c == '{') {
        const size_t end = text.find(c == '[' ? ']' : '}');
        const std::string_view name = text.substr(1, end - 1);
        sql += c == '[' ? Quoted(name) : Table(name);
        text.remove_prefix(end + 1);
        continue;
      }
      if (c == '?' && dialect_.numbered) {
        sql += '$' + std::to_string(++parameters);
      } else {
        sql += c;
      }
      text.remove_prefix(1);
    }
    return sql;
  }

 private:
  std::string Quoted(std::string_view name) const {
    std::string quoted(1, dialect_.quote);
    for (char c : name) {
      if (c == dialect_.quote) quoted += c;
      quoted += c;
    }
    return quoted + dialect_.quote;
  }

  // A prefix with a dot names another schema or database: "db"."pre_table".
  std::string Table(std::string_view name) const {
    if (!dialect_.prefixes) return Quoted(name);
    std::string prefix = config_.prefix;
    const auto own = config_.table_prefixes.find(std::string(name));
    if (own != config_.table_prefixes.end()) prefix = own->second;
    const size_t dot = prefix.find('.');
    if (dot != std::string::npos) {
      return Quoted(prefix.substr(0, dot)) + "." +
             Quoted(prefix.substr(dot + 1) + std::string(name));
    }
    const std::string table = Quoted(prefix + std::string(name));
    const bool elsewhere =
        !config_.schema.empty() && config_.schema != "public";
    return elsewhere ? Quoted(config_.schema) + "." + table : table;
  }

  const DatabaseConfig& config_;
  const SqlDialect& dialect_;
};

}  // namespace

std::string RenderSql(std::string_view text, const DatabaseConfig& config,
                      const SqlDialect& dialect) {
  return Writer(config, dialect).Write(text);
}

}  // namespace rt
