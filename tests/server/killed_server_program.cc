// A server for store_failure_test.cc to kill: killed_server_program FOLDER. It has a database in
// the folder, runs one background answer at once, none of which ends, and tells its port.

#include <unistd.h>

#include <cstdio>

#include "server/stateful_server.h"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  melete::server::ServerOptions options;
  options.background.running = 1;
  melete::server::StatefulServer server(melete::server::endless(), arguments[1], options);
  std::printf("%d\n", server.server().port());
  std::fflush(stdout);
  while (true) pause();
}
