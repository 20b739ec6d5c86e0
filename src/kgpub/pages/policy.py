"""What pages may load and do (Content Security Policy Level 3): no inline script, nobody else's."""

from __future__ import annotations

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
"""As an element of the page can say it (section 3.3)."""
QUERY_POLICY = PAGE_POLICY.replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
)
"""Of a page that evaluates queries itself, in WebAssembly."""
FRAMED = "frame-ancestors 'none'"
"""What only a header can say: that no other page may hold this one."""
