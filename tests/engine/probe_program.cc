// What probe_model() starts in tests: the hidden command `probe MODEL [PROJECTOR]` and nothing
// else, and `probe` with a file named "sleep" takes its time.

#include <chrono>
#include <string_view>
#include <thread>

#include "engine/probe.h"

int main(int count, char** arguments) {
  if (count < 3 || std::string_view(arguments[1]) != "probe") return 2;
  const std::filesystem::path model = arguments[2];
  if (model.filename() == "sleep.gguf") std::this_thread::sleep_for(std::chrono::seconds(20));
  return melete::engine::probe_main(model, count > 3 ? arguments[3] : "");
}
