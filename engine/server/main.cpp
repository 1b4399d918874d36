#include "engine/server/cli.hpp"

int main(int count, char** arguments) { return signalbox::server::run_program(count, arguments); }
