// The connection's state as drupalrt_status() and phpinfo() show it.
#pragma once

namespace rt {

// Rows of phpinfo()'s table. Shows what is known; connects to nothing.
void PrintStatusRows();

}  // namespace rt
