"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";

/** What was said, each time that the server has said it again. */
export function Echo(): ReactNode {
  const [lines, setLines] = useState<readonly string[]>([]);
  const socket = useRef<WebSocket>(null);
  useEffect(() => {
    const opened = new WebSocket(`${location.origin.replace("http", "ws")}/live/echo/`);
    opened.onmessage = ({ data }) => setLines((before) => [...before, String(data)]);
    socket.current = opened;
    return () => opened.close();
  }, []);
  return (
    <form action={(form) => socket.current?.send(String(form.get("text")))}>
      <input name="text" aria-label="Say something" />
      <ul>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are added alone.
          <li key={index}>{line}</li>
        ))}
      </ul>
    </form>
  );
}
