#!/usr/bin/env bash
# Let each trainer read the exports meant for it, in an environment of its own below build/trainers: `make trainers`.
# Name some to run only them: tests/trainers/run.sh trl swift. Needs about 10 GB; torch is the CPU's where pip finds that.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD/build/trainers here=$PWD/tests/trainers
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1 CUDA_VISIBLE_DEVICES="" TOKENIZERS_PARALLELISM=false
export TAIYI_CORPUS_CACHE=$root/cache
torch="torch==2.13.0"

environment() {  # name, then what to install; made once
    local name=$1
    shift
    [[ -f $root/$name/.ready ]] && return
    "${PYTHON:-python3}" -m venv "$root/$name"
    "$root/$name/bin/pip" install "$@"
    touch "$root/$name/.ready"
}
without_dependencies() {  # name, package: its own pins cannot all be met, what it needs is installed by hand
    [[ -f $root/$1/.package ]] || "$root/$1/bin/pip" install --no-deps "$2"
    touch "$root/$1/.package"
}
trl() { environment trl "$torch" trl==1.16.0; }
llamafactory() {
    environment llamafactory "$torch" "transformers<=5.6" "datasets<=4.0" "trl<=0.24" "peft<=0.18.1" \
        "accelerate<=1.11" omegaconf fire
    without_dependencies llamafactory llamafactory==0.9.5
}
swift() { environment swift "$torch" ms-swift==4.6.0; }
axolotl() {
    environment axolotl "$torch" transformers==5.16.1 datasets==4.8.4 trl==1.9.0 peft addict colorama posthog numba
    without_dependencies axolotl axolotl==0.19.0
}

"${PYTHON:-python3}" -m tests.trainers.prepare "$root/data"
failed=()
(( $# )) || set -- trl llamafactory swift axolotl
for name in "$@"; do
    "$name"
    echo "== $name"
    : > "$root/$name.log"
    for data in "$root/data" "$root/data/tiny"; do
        HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 "$root/$name/bin/python" "$here/check_$name.py" "$data" \
            >> "$root/$name.log" 2>&1 || failed+=("$name")
    done
    grep -E "trained tokens are the answers|one step each|wanted|Error" "$root/$name.log" || tail -5 "$root/$name.log"
done
echo "== ${#failed[@]} trainers failed${failed[0]:+: ${failed[*]}}"
(( ${#failed[@]} == 0 ))
