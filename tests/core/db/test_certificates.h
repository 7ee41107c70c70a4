// Certificates of throw-away authorities: of a server that is 127.0.0.1 and
// nobody else, of a client, and an authority that signed neither.
#pragma once

#include <string>

#include "core/db/server_process.h"
#include "core/db/temporary_folder.h"

namespace rt {

class TestCertificates {
 public:
  TestCertificates();
  // Those that another one has made.
  explicit TestCertificates(const std::string& folder) : folder_(folder) {}

  [[nodiscard]] const std::string& folder() const { return folder_.path(); }
  [[nodiscard]] std::string File(const std::string& name) const {
    return folder_.File(name);
  }
  [[nodiscard]] std::string ca() const { return File("ca.pem"); }
  [[nodiscard]] std::string other_ca() const { return File("other.pem"); }

  static constexpr char kClientName[] = "cert_user";

 private:
  void MakeAuthority(const std::string& name);
  void Make(const std::string& name, const std::string& subject,
            const std::string& extension);

  TemporaryFolder folder_;
};

inline void TestCertificates::MakeAuthority(const std::string& name) {
  RunCommand({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
              "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
              "/CN=" + name, "-keyout", File(name + ".key"), "-out",
              File(name + ".pem")},
             File("log"));
}

inline void TestCertificates::Make(const std::string& name,
                                   const std::string& subject,
                                   const std::string& extension) {
  RunCommand({"openssl",
              "req",
              "-x509",
              "-newkey",
              "ec",
              "-pkeyopt",
              "ec_paramgen_curve:prime256v1",
              "-nodes",
              "-days",
              "2",
              "-subj",
              "/CN=" + subject,
              "-addext",
              extension,
              "-addext",
              "basicConstraints=critical,CA:FALSE",
              "-CA",
              ca(),
              "-CAkey",
              File("ca.key"),
              "-keyout",
              File(name + ".key"),
              "-out",
              File(name + ".pem")},
             File("log"));
}

inline TestCertificates::TestCertificates() {
  MakeAuthority("ca");
  MakeAuthority("other");
  Make("server", "server.test", "subjectAltName=IP:127.0.0.1");
  Make("client", kClientName, "extendedKeyUsage=clientAuth");
}

}  // namespace rt
