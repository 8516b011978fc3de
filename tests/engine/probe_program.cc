// What probe_model() starts in tests: the hidden command `probe MODEL [PROJECTOR]` and nothing
// else, and `probe` with a file named "sleep" takes its time.

#include <chrono>
#include <string_view>
#include <thread>

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
  return melete::engine::probe_main(model, count > 3 ? arguments[3] : "");
}
