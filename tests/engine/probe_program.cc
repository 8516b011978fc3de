// What probe_model() starts in tests: the hidden command `probe MODEL [PROJECTOR] [--adapter FILE]`
// and nothing else, and `probe` with a file named "sleep" takes its time.

#include <chrono>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/probe.h"

// Under the address sanitizer a crash stays a crash, and what it leaves behind is no matter: its
// parent looks at how it ended.
extern "C" const char* __asan_default_options() {
  return "handle_segv=0:handle_abort=0:handle_sigfpe=0:detect_leaks=0";
}

int main(int count, char** arguments) {
  if (count < 3 || std::string_view(arguments[1]) != "probe") return 2;
  const std::filesystem::path model = arguments[2];
  if (model.filename() == "sleep.gguf") std::this_thread::sleep_for(std::chrono::seconds(20));
  std::filesystem::path projector;
  std::vector<std::filesystem::path> adapters;
  for (int i = 3; i < count; ++i) {
    if (std::string_view(arguments[i]) == "--adapter" && i + 1 < count) {
      adapters.emplace_back(arguments[++i]);
    } else {
      projector = arguments[i];
    }
  }
  return melete::engine::probe_main(model, projector, adapters);
}
