# Shared by the scripts of this folder: where the tree is, how a script explains itself, how many jobs run at once,
# and how the compiler cache works across clones. Sourced with `set -euo pipefail` in force.

script=$(realpath "$0")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export LC_ALL=C.UTF-8

# Prints the comment that opens a script: its --help.
explain() { sed -n '2,${/^#/!q; s/^# \{0,1\}//p}' "$script"; }

usage_error() {
  echo "$(basename "$0"): $1 (try --help)" >&2
  exit 2
}

# One compiler job may take more than a gigabyte (Asio, field tables under the sanitizers), so a machine with many
# cores and little memory gets fewer jobs than cores.
jobs() {
  local by_memory
  by_memory=$(awk '/^MemAvailable:/ {print int($2 / 1300000)}' /proc/meminfo)
  local cores
  cores=$(nproc)
  ((by_memory < cores)) && cores=$by_memory
  echo $((cores > 0 ? cores : 1))
}

# Paths below the root are hashed relative to it, so a second clone finds what the first one compiled.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros,include_file_mtime,include_file_ctime}
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
