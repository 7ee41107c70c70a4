// A folder of a test's own, gone with it; or another's, which stays.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

namespace rt {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "rt-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  explicit TemporaryFolder(std::string others)
      : path_(std::move(others)), own_(false) {}
  ~TemporaryFolder() {
    if (own_) std::filesystem::remove_all(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string File(const std::string& name) const {
    return path_ + "/" + name;
  }

 private:
  std::string path_;
  bool own_ = true;
};

}  // namespace rt
