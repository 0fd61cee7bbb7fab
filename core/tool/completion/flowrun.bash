# Completion of flowrun's command line for bash: commands, options, graph files, run directories, stages, profiles.
# Commands, options and what they take are read from --help, so that nothing here has to follow the tool.

# The functions share _flowrun's variables: tool, help (of the command typed so far), cur (the word to complete).

_flowrun_commands() { sed -nE '/^Subcommands:/,/^$/s/^  ([a-z][a-z-]*).*/\1/p' <<<"$help"; }

_flowrun_options() { sed -nE 's/^  ((-[A-Za-z]),)?(--[a-z-]+).*/\2 \3/p' <<<"$help"; }

# What an option takes, such as DIR; nothing: it is a flag.
_flowrun_value() {
  if [[ $1 =~ ^-[A-Za-z-]+$ ]]; then
    sed -nE "s/^  ([^ ]*,)?$1(,[^ ]*)? ([A-Z]+).*/\3/p" <<<"$help"
  fi
}

# What the nth argument is, from 1: GRAPH, RUN, STAGE. One that may be repeated, told by ' ...', is all that follow too.
_flowrun_argument() {
  sed -nE '/^Positionals:/,/^$/s/^  [a-z-]+ ([A-Z]+)( \.\.\.)?.*/\1\2/p' <<<"$help" |
    awk -v n="$1" '{ all = $2 == "..." } NR == n || (NR < n && all) { kind = $1 } END { if (kind) print kind }'
}

_flowrun_stages() {
  "$tool" plugins list --json "${plugins[@]}" 2>/dev/null |
    awk -F'"' '/^      "name": / { plugin = $4 } /^          "name": / { print plugin "." $4 }'
}

# auto, and what lies where the tool looks: beside the folder it is in.
_flowrun_profiles() {
  local file
  echo auto
  for file in "$(dirname "$(readlink -f "$(type -P "$tool")")")"/../share/flowrun/profiles/*.yaml; do
    if [[ -e $file ]]; then basename "$file" .yaml; fi
  done
}

_flowrun_expand() { printf '%s' "${1/#\~\//$HOME/}"; }

# Folders that are a run directory, or have one in them not far below.
_flowrun_runs() {
  local folder place file
  while IFS= read -r folder; do
    place=$(_flowrun_expand "$folder")
    for file in "$place"/manifest.json "$place"/*/manifest.json "$place"/*/*/manifest.json; do
      [[ -e $file ]] || continue
      echo "$folder"
      break
    done
  done < <(compgen -d -- "$cur")
}

_flowrun_graphs() { { compgen -d -- "$cur"; compgen -f -X '!*.yaml' -- "$cur"; } | sort -u; }

# The lines of the input that begin with the current word.
_flowrun_offer() { mapfile -t COMPREPLY < <(compgen -W "$(cat)" -- "$cur"); }

# The lines of the input, which are files.
_flowrun_offer_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY
}

# The first word is a command or a graph file. A folder named like a command must not make a path of it.
_flowrun_offer_first() {
  local words path
  if [[ $cur == */* || $cur == "~"* ]]; then
    _flowrun_offer_files < <(_flowrun_graphs)
    return
  fi
  mapfile -t words < <(compgen -W "$(_flowrun_commands)" -- "$cur")
  while IFS= read -r path; do
    if [[ -d $path ]]; then path+=/; fi
    words+=("$(printf '%q' "$path")")
  done < <(_flowrun_graphs)
  COMPREPLY=("${words[@]}")
  if [[ ${#words[@]} == 1 && ${words[0]} == */ ]]; then compopt -o nospace 2>/dev/null; fi
}

_flowrun_offer_value() {
  case $1 in
    DIR) _flowrun_offer_files < <(compgen -d -- "$cur") ;;
    FILE | PATH) _flowrun_offer_files < <(compgen -f -- "$cur") ;;
    FORMAT) _flowrun_offer <<<'jsonl csv npy coco yolo' ;;
    PROFILE)
      _flowrun_offer < <(_flowrun_profiles)
      if [[ ${#COMPREPLY[@]} == 0 ]]; then _flowrun_offer_files < <(_flowrun_graphs); fi
      ;;
    GRAPH) _flowrun_offer_files < <(_flowrun_graphs) ;;
    RUN) _flowrun_offer_files < <(_flowrun_runs) ;;
    SHAPE) _flowrun_offer <<<'transform sink source gather' ;;
    STAGE) if [[ $command == ' plugins '* ]]; then _flowrun_offer < <(_flowrun_stages); fi ;;
  esac
}

_flowrun() {
  local tool help cur=${COMP_WORDS[COMP_CWORD]} command='' arguments=0 plugins=() word kind i
  tool=$(_flowrun_expand "${COMP_WORDS[0]}")
  help=$("$tool" --help 2>/dev/null) || return
  COMPREPLY=()
  if [[ $cur == = ]]; then cur=; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -* ]]; then
      kind=$(_flowrun_value "$word")
      [[ $kind ]] || continue
      # The word after it, or after a '=', is its value; that may be the one to complete.
      if [[ ${COMP_WORDS[i + 1]} == = && $((i + 1)) -lt $COMP_CWORD ]]; then ((i++)); fi
      if ((i + 1 >= COMP_CWORD)); then
        _flowrun_offer_value "$kind"
        return
      fi
      ((i++))
      if [[ $word == --plugins ]]; then plugins+=(--plugins "$(_flowrun_expand "${COMP_WORDS[i]}")"); fi
      # NAME=VALUE comes as three words.
      if [[ ${COMP_WORDS[i + 1]} == = ]]; then ((i += 2)); fi
    elif ((arguments == 0)) && _flowrun_commands | grep -qx -- "$word"; then
      command+=" $word"
      # shellcheck disable=SC2086  # several words
      help=$("$tool" $command --help 2>/dev/null) || return
    else
      if [[ ! $command ]]; then
        command=' run'
        help=$("$tool" run --help 2>/dev/null) || return
      fi
      ((arguments++))
    fi
  done
  if [[ $cur == -* ]]; then
    _flowrun_offer < <(_flowrun_options)
  elif [[ ! $command ]]; then
    _flowrun_offer_first
  elif ((arguments == 0)) && [[ $(_flowrun_commands) ]]; then
    _flowrun_offer < <(_flowrun_commands)
  else
    _flowrun_offer_value "$(_flowrun_argument $((arguments + 1)))"
  fi
}

complete -F _flowrun flowrun
