// What the shells are told: each asks scanmake how the typed line goes on and puts the answer into its own form.
// Knows the shells' quoting; which words there are is candidates.ts's.

/** A script by the name of its shell. */
export const completionScripts: Readonly<Record<string, string>> = {
	// COMP_WORDS is cut at = and :, so the line is sent as it was typed, and of an answer only what stands behind the
	// last cut is given back. In open quotes bash quotes the answer itself.
	bash: `# Completion of scanmake for bash. To load it: eval "$(scanmake completion bash)"
_scanmake() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="\${COMP_WORDS[COMP_CWORD]}" before='' word text answer quote='' cut tail
  COMPREPLY=()
  (( COMP_CWORD > 0 )) && before="\${COMP_WORDS[COMP_CWORD-1]}"
  answer="$("\${COMP_WORDS[0]/#\\~/$HOME}" completion --line "$line" 2>/dev/null </dev/null)"
  case "$answer" in
    :files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$2"); return ;;
    :folders) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$2"); return ;;
    '') return ;;
  esac
  case "$current" in
    [\\'\\"]*) quote="\${current:0:1}" ;;
  esac
  while IFS=$'\\t' read -r word text; do
    if [ -z "$quote" ]; then
      cut="$word"
      if [[ "$word" == *=?* && ( "$current" == = || "$before" == [=:] || "$current" == : ) ]]; then
        cut="\${word#*=}" tail="\${line##*=}"
        [[ "$tail" == *:* && "$COMP_WORDBREAKS" == *:* ]] && cut="\${cut#"\${tail%:*}:"}"
      fi
      [[ "$cut" == *= ]] && compopt -o nospace 2>/dev/null
      printf -v cut '%q' "$cut"
      COMPREPLY+=("\${cut//\\\\=/=}")
    else
      [[ "$word" == *= ]] && compopt -o nospace 2>/dev/null
      COMPREPLY+=("$word")
    fi
  done <<<"$answer"
}
complete -o nosort -F _scanmake scanmake 2>/dev/null || complete -F _scanmake scanmake
`,
	zsh: `#compdef scanmake
# Completion of scanmake for zsh. To load it: eval "$(scanmake completion zsh)"
_scanmake() {
  local -a typed lines names others
  local line tab=$'\\t'
  typed=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  lines=("\${(@f)$("\${(Q)words[1]}" completion --words -- "\${(@)typed}" 2>/dev/null </dev/null)}")
  case "$lines[1]" in
    :files) _files; return ;;
    :folders) _files -/; return ;;
    '') return 1 ;;
  esac
  for line in "\${(@)lines}"; do
    line="\${line%%$tab*}"
    if [[ "$line" == *= ]]; then names+=("$line"); else others+=("$line"); fi
  done
  (( \${#names} )) && compadd -V scanmake -S '' -a names
  (( \${#others} )) && compadd -V scanmake -a others
}
(( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
compdef _scanmake scanmake
`,
	fish: `# Completion of scanmake for fish. To load it: scanmake completion fish | source
function __scanmake_answer
    set -l typed (commandline -opc)
    set -l current (commandline -ct | string replace -r '^["\\']' '' | string replace -ra '\\\\\\\\(.)' '$1')
    set -l answer ($typed[1] completion --words -- $typed[2..-1] "$current" 2>/dev/null </dev/null)
    switch "$answer[1]"
        case ':files'
            __fish_complete_path "$current"
        case ':folders'
            __fish_complete_directories "$current" ''
        case '*'
            printf '%s\\n' $answer
    end
end
complete -c scanmake -f -k -a '(__scanmake_answer)'
`,
};
