"""Words that are too faint for what they stand on (WCAG 2.2 AA), as the browser paints them."""

from __future__ import annotations

from playwright.sync_api import Page

_LOOK = """() => {
  const channels = (colour) => {
    const numbers = colour.match(/[\\d.]+(?:e-?\\d+)?/g).map(Number);
    const unit = colour.startsWith("color(") ? 1 : 255;
    return [...numbers.slice(0, 3).map((n) => n / unit), numbers[3] ?? 1];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = channels(getComputedStyle(node).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [1, 1, 1];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const style = getComputedStyle(node);
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest(".sr, .skip, option")) continue;
    const [a, b] = [light(channels(style.color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return faint;
}"""  # noqa: E501  a script


def too_faint(page: Page) -> list[str]:
    """Their contrast and beginning; solid backgrounds only."""
    found: list[str] = page.evaluate(_LOOK)
    return found
