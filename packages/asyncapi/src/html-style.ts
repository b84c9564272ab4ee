/** The design of the page: a column that fits a telephone; wide content scrolls by itself. */
export const style = `
:root { color-scheme: light dark; --ink: #16181d; --soft: #565c69; --paper: #fbfaf7; --card: #ffffff; --line: #dddad2; --in: #0b6b50; --out: #8a3b12; --link: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e7e1; --soft: #a3a9b6; --paper: #14161a; --card: #1c1f25; --line: #343943; --in: #6ee0b8; --out: #f2b08a; --link: #9db8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 56rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.3rem; }
h3 { margin: 0 0 0.5rem; font-size: 1.1rem; }
h4 { margin: 1.25rem 0 0.4rem; font-size: 1rem; font-weight: 600; }
p { margin: 0.4rem 0; }
.version { color: var(--soft); }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
nav ul { list-style: none; margin: 0; padding: 0; }
.channel, .schema { margin: 1rem 0; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; }
.road { display: inline-block; margin-right: 0.4rem; font-size: 0.8rem; font-weight: 600; white-space: nowrap; }
.road.receive { color: var(--in); }
.road.send { color: var(--out); }
.label { color: var(--soft); font-size: 0.85rem; }
details { margin: 0.35rem 0; }
summary { cursor: pointer; padding: 0.2rem 0; }
pre { margin: 0.4rem 0; padding: 0.75rem; overflow-x: auto; overflow-wrap: normal; background: var(--paper); border: 1px solid var(--line); border-radius: 0.4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { min-width: 7rem; text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
`;
