// Where the sources lie, for tests that read files of theirs.
#pragma once

#include <string>

namespace rt {

// The path of a file by its name from the top of the project.
std::string InSource(const std::string& name);

}  // namespace rt
