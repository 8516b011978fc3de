// The program `melete`.

#include "cli/program.h"

int main(int argc, char** argv) {
  return melete::cli::run_program(argc, argv);
}
