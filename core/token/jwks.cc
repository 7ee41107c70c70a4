// TokenKey's reading of key sets (RFC 7517, RFC 7518, RFC 8037).
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <simdjson.h>

#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "token/token_key.h"

namespace rt {

class JwksReader {
 public:
  // One key of the set; null where it is of a kind that signs no tokens here,
  // as RFC 7517 (section 5) has it.
  static Result<std::unique_ptr<TokenKey>> Read(simdjson::dom::element entry) {
    if (!entry.is_object()) {
      return Error{ErrorCode::kInvalid, "a key of the set is no object"};
    }
    const std::string type = Text(entry, "kty");
    const std::string curve = Text(entry, "crv");
    if (!Verifies(entry)) return std::unique_ptr<TokenKey>();
    TokenKey::PublicKey key;
    if (type == "RSA") {
      key = Rsa(entry);
    } else if (type == "EC" && GroupOf(curve) != nullptr) {
      key = Ec(entry, GroupOf(curve));
    } else if (type == "OKP" && curve == "Ed25519") {
      key = Ed25519(entry);
    } else {
      return std::unique_ptr<TokenKey>();
    }
    if (key == nullptr) {
      return Error{ErrorCode::kInvalid,
                   "the key \"" + Text(entry, "kid") + "\" is malformed"};
    }
    Result<std::unique_ptr<TokenKey>> made =
        TokenKey::FromPublic(std::move(key));
    if (!made.ok()) return made;
    (*made)->id_ = Text(entry, "kid");
    (*made)->only_alg_ = Text(entry, "alg");
    return made;
  }

 private:
  static std::string Text(simdjson::dom::element entry, const char* name) {
    std::string_view text;
    if (entry[name].get(text) != simdjson::SUCCESS) return {};
    return std::string(text);
  }

  // Is it for checking signatures, or says it nothing of what it is for?
  static bool Verifies(simdjson::dom::element entry) {
    const std::string use = Text(entry, "use");
    if (!use.empty() && use != "sig") return false;
    simdjson::dom::array operations;
    if (entry["key_ops"].get(operations) != simdjson::SUCCESS) return true;
    for (const simdjson::dom::element one : operations) {
      std::string_view name;
      if (one.get(name) == simdjson::SUCCESS && name == "verify") return true;
    }
    return false;
  }

  // OpenSSL's name of the curve; null for those of no algorithm.
  static const char* GroupOf(std::string_view curve) {
    if (curve == "P-256") return "prime256v1";
    if (curve == "P-384") return "secp384r1";
    return curve == "P-521" ? "secp521r1" : nullptr;
  }

  static std::optional<std::string> Bytes(simdjson::dom::element entry,
                                          const char* name) {
    const auto bytes = Base64UrlDecode(Text(entry, name));
    return bytes.has_value() && !bytes->empty() ? bytes : std::nullopt;
  }

  static TokenKey::PublicKey Build(const char* type, OSSL_PARAM_BLD* builder) {
    EVP_PKEY* key = nullptr;
    OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr);
    if (parameters != nullptr && context != nullptr &&
        EVP_PKEY_fromdata_init(context) == 1) {
      EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return TokenKey::PublicKey(key);
  }

  static TokenKey::PublicKey Rsa(simdjson::dom::element entry) {
    const auto n = Bytes(entry, "n");
    const auto e = Bytes(entry, "e");
    if (!n.has_value() || !e.has_value()) return nullptr;
    const auto number = [](const std::string& bytes) {
      return BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                       static_cast<int>(bytes.size()), nullptr);
    };
    BIGNUM* modulus = number(*n);
    BIGNUM* exponent = number(*e);
    OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
    TokenKey::PublicKey key = Build("RSA", builder);
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
  }

  static TokenKey::PublicKey Ec(simdjson::dom::element entry,
                                const char* group) {
    const auto x = Bytes(entry, "x");
    const auto y = Bytes(entry, "y");
    if (!x.has_value() || !y.has_value() || x->size() != y->size()) {
      return nullptr;
    }
    const std::string point = "\x04" + *x + *y;
    OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group,
                                    0);
    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
                                     point.data(), point.size());
    TokenKey::PublicKey key = Build("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    return key;
  }

  static TokenKey::PublicKey Ed25519(simdjson::dom::element entry) {
    const auto x = Bytes(entry, "x");
    if (!x.has_value()) return nullptr;
    return TokenKey::PublicKey(EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nullptr,
        reinterpret_cast<const unsigned char*>(x->data()), x->size()));
  }
};

Result<std::vector<std::unique_ptr<TokenKey>>> TokenKey::FromJwks(
    std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  if (parser.parse(json.data(), json.size())["keys"].get(list) !=
      simdjson::SUCCESS) {
    return Error{ErrorCode::kInvalid,
                 "expected a key set: {\"keys\": [{\"kty\": …}]}"};
  }
  std::vector<std::unique_ptr<TokenKey>> keys;
  for (const simdjson::dom::element entry : list) {
    Result<std::unique_ptr<TokenKey>> key = JwksReader::Read(entry);
    if (!key.ok()) return key.error();
    if (*key != nullptr) keys.push_back(std::move(*key));
    if (keys.size() > kMaxTokenKeys) {
      return Error{ErrorCode::kInvalid, "the key set holds more than " +
                                            std::to_string(kMaxTokenKeys) +
                                            " keys"};
    }
  }
  if (keys.empty()) {
    return Error{ErrorCode::kInvalid,
                 "the key set holds no RSA, EC or Ed25519 key for signatures"};
  }
  return keys;
}

}  // namespace rt
