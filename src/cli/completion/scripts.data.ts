const bash = `# bash completion of iggyctl.  Use: eval "$(iggyctl completion bash)"
_iggyctl() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done < <(iggyctl completion --query -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null </dev/null)
}
complete -o default -F _iggyctl iggyctl
`;

const zsh = `#compdef iggyctl
# zsh completion of iggyctl.  Use: eval "$(iggyctl completion zsh)"
_iggyctl() {
  local line
  local -a found shown
  for line in "\${(@f)$(iggyctl completion --query -- "\${(@)words[2,CURRENT]}" 2>/dev/null </dev/null)}"; do
    [[ -n $line ]] || continue
    found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  if (( \${#found} )); then
    compadd -l -d shown -a found
  else
    _files
  fi
}
if ! (( $+functions[compdef] )); then
  autoload -Uz compinit && compinit
fi
compdef _iggyctl iggyctl
`;

const fish = `# fish completion of iggyctl.  Use: iggyctl completion fish | source
function __iggyctl_complete
  set -l words (commandline -opc) (commandline -ct)
  iggyctl completion --query -- $words[2..-1] 2>/dev/null </dev/null
end
complete -c iggyctl -a '(__iggyctl_complete)'
`;

const powershell = `# PowerShell completion of iggyctl.  Use: iggyctl completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName iggyctl -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '""' }
  iggyctl completion --query -- @words 2>$null | ForEach-Object {
    $value, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}
`;

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };

/** Shells that can be completed in. */
export const shells = Object.keys(scripts);

/** What makes a shell ask for completions; nothing for a shell that is not known. */
export function shellScript(shell: string): string | undefined {
  return scripts[shell];
}
