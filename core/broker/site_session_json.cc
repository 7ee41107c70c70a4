#include "broker/site_session_json.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rt {

namespace {

using Store = SessionStoreConfig;

// libmemcached's own bound for what it puts in front of keys.
constexpr size_t kMaxMemcachedPrefixBytes = 127;

void ReadNames(JsonObject* session, SiteLogin* login, JsonMistake* mistake) {
  session->Require({"handler"});
  session->String("handler", &login->session_handler);
  session->String("serializer", &login->serializer);
  for (const std::string* text :
       {&login->session_handler, &login->serializer}) {
    if (text->empty() || text->size() > kMaxJsonTextBytes) {
      mistake->Set("$.session", "expected names of 1 to 4096 bytes");
    }
  }
}

// Drupal 7's variables.
void ReadVariables(JsonObject* session, SiteLogin* login,
                   JsonMistake* mistake) {
  for (const char* key : {"hashed_ids", "mixed_mode"}) {
    if (login->schema != 7 && session->Has(key)) {
      mistake->Set(session->PathOf(key), "is for Drupal 7 alone (schema 7)");
    }
  }
  session->Bool("hashed_ids", &login->hashed_ids);
  session->Bool("mixed_mode", &login->mixed_mode);
}

void CheckTexts(
    JsonObject* store,
    std::initializer_list<std::pair<std::string_view, const std::string*>>
        texts,
    JsonMistake* mistake) {
  for (const auto& [key, text] : texts) {
    if (text->size() > kMaxJsonTextBytes ||
        text->find('\0') != std::string::npos) {
      mistake->Set(store->PathOf(key),
                   "expected at most 4096 bytes, none of them NUL");
    }
  }
}

// What a layout's keys look like: db/session_store.h.
void ReadLayout(JsonObject* store, Store* config) {
  std::string layout = "php";
  store->Word("layout", {"php", "redis_sessions", "symfony", "redis_session"},
              &layout);
  config->prefix = "PHPREDIS_SESSION:";
  if (layout == "symfony") config->prefix = "sf_s";
  if (layout == "redis_session") {
    config->prefix = "session_";
    config->hashed_ids = true;
  }
  store->String("prefix", &config->prefix);
}

void ReadRedis(JsonObject* store, Store* config, JsonMistake* mistake) {
  int64_t port = config->port;
  int64_t database = 0;
  store->String("host", &config->host);
  store->Integer("port", 1, 65535, &port);
  store->String("socket", &config->socket);
  store->String("username", &config->username);
  store->String("password", &config->password);
  store->Integer("database", 0, 0x7fffffff, &database);
  store->Bool("tls", &config->tls);
  config->port = static_cast<uint16_t>(port);
  config->database = static_cast<int>(database);
  ReadLayout(store, config);
  if (config->host.empty() && config->socket.empty()) {
    mistake->Set(store->PathOf("host"), "expected a host's name or address");
  }
  if (!config->socket.empty() && config->socket.front() != '/') {
    mistake->Set(store->PathOf("socket"), "expected an absolute path");
  }
  if (!config->username.empty() && config->password.empty()) {
    store->Require({"password"});
  }
  CheckTexts(store,
             {{"host", &config->host},
              {"socket", &config->socket},
              {"username", &config->username},
              {"password", &config->password},
              {"prefix", &config->prefix}},
             mistake);
}

bool IsNumber(std::string_view text, uint32_t low, uint32_t high) {
  uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && next == end && number >= low && number <= high;
}

// `host`, `host:port`, `host:port:weight`, or the same with a socket's path,
// whose port is 0.
bool IsServer(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
  }
  const std::string_view host = parts[0];
  const bool odd = std::any_of(host.begin(), host.end(), [](char c) {
    return c <= ' ' || c == ',' || c == 0x7f;
  });
  if (host.empty() || odd || parts.size() > 3) return false;
  const uint32_t low = host.front() == '/' ? 0 : 1;
  if (parts.size() > 1 && !IsNumber(parts[1], low, 65535)) return false;
  return parts.size() < 3 || IsNumber(parts[2], 1, 1'000'000);
}

void ReadMemcached(JsonObject* store, Store* config, JsonMistake* mistake) {
  store->Require({"servers"});
  store->Strings("servers", &config->servers);
  const std::string path = store->PathOf("servers");
  CheckJsonList(config->servers, path, mistake);
  if (config->servers.empty()) mistake->Set(path, "expected at least one");
  for (size_t i = 0; i < config->servers.size(); ++i) {
    if (IsServer(config->servers[i])) continue;
    mistake->Set(path + "[" + std::to_string(i) + "]",
                 "expected \"host:port\", \"host:port:weight\" or a socket's "
                 "path");
  }
  config->prefix = "memc.sess.key.";
  store->String("prefix", &config->prefix);
  const bool odd = std::any_of(config->prefix.begin(), config->prefix.end(),
                               [](char c) { return c <= ' ' || c >= 0x7f; });
  if (odd || config->prefix.size() > kMaxMemcachedPrefixBytes) {
    mistake->Set(store->PathOf("prefix"),
                 "expected at most 127 visible ASCII characters");
  }
  std::string distribution = "ketama";
  store->Word("distribution", {"ketama", "ketama_weighted", "modula"},
              &distribution);
  if (distribution == "ketama_weighted") {
    config->distribution = Store::Distribution::kKetamaWeighted;
  } else if (distribution == "modula") {
    config->distribution = Store::Distribution::kModula;
  }
}

void ReadStore(JsonObject* session, SiteLogin* login, JsonMistake* mistake) {
  const auto value = session->Find("store");
  if (!value) return;
  const std::string path = session->PathOf("store");
  Store& config = login->session_store;
  config.kind = Store::KindOf(login->session_handler);
  switch (config.kind) {
    case Store::Kind::kRedis: {
      JsonObject store(*value, path,
                       {"host", "port", "socket", "username", "password",
                        "database", "prefix", "layout", "tls"},
                       mistake);
      return ReadRedis(&store, &config, mistake);
    }
    case Store::Kind::kMemcached: {
      JsonObject store(*value, path, {"servers", "prefix", "distribution"},
                       mistake);
      return ReadMemcached(&store, &config, mistake);
    }
    case Store::Kind::kNone:
      mistake->Set(path,
                   "only the handlers \"redis\" and \"memcached\" have one");
  }
}

}  // namespace

void ReadSession(JsonObject* object, SiteLogin* login, JsonMistake* mistake) {
  int64_t schema = 10;
  object->Integer("schema", 7, 10, &schema);
  if (schema != 7 && schema != 10) {
    mistake->Set("$.schema", "expected 7, or 10 for Drupal 8 and later");
  }
  login->schema = static_cast<int>(schema);
  if (login->schema == 7) login->session_handler = SiteLogin::kDrupal7Handler;
  const auto section = object->Find("session");
  if (!section) return;
  JsonObject session(
      *section, "$.session",
      {"handler", "serializer", "store", "hashed_ids", "mixed_mode"}, mistake);
  ReadNames(&session, login, mistake);
  ReadVariables(&session, login, mistake);
  ReadStore(&session, login, mistake);
}

}  // namespace rt
