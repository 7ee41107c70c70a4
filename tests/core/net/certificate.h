// A certificate that signs itself, and its key, made for one test in a folder
// of its own that goes with it.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "net/tls_context.h"

namespace rt {

class Certificate {
 public:
  explicit Certificate(const std::string& name = "broker.test") {
    char folder[] = "/tmp/rt-cert-XXXXXX";
    EXPECT_NE(::mkdtemp(folder), nullptr);
    folder_ = folder;
    Renew(name);
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  ~Certificate() { std::filesystem::remove_all(folder_); }

  // Another pair in the same files.
  void Renew(const std::string& name) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 24 * 3600);
    X509_set_pubkey(made, key);
    X509_NAME* subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, subject);
    EXPECT_GT(X509_sign(made, key, EVP_sha256()), 0);
    std::FILE* out = std::fopen(file().c_str(), "w");
    PEM_write_X509(out, made);
    std::fclose(out);
    out = std::fopen(key_file().c_str(), "w");
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    X509_free(made);
    EVP_PKEY_free(key);
  }

  [[nodiscard]] std::string file() const { return folder_ + "/cert.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_ + "/key.pem"; }

  [[nodiscard]] Result<TlsContextPtr> Load(bool only_1_3 = false) const {
    return TlsContext::Load({file(), key_file(), only_1_3});
  }

 private:
  std::string folder_;
};

}  // namespace rt
