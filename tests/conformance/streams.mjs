// HTTP responses that never end, read message by message.
export async function openStream(url, options = {}) {
  const aborter = new AbortController();
  const response = await fetch(url, { ...options, signal: aborter.signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let ended = false;
  const more = async () => {
    const { value, done } = await reader.read();
    if (done) ended = true;
    else text += value;
  };
  return {
    response,
    // What comes before `separator`; null at the end.
    async next(separator) {
      while (!text.includes(separator) && !ended) await more();
      const at = text.indexOf(separator);
      if (at < 0) return null;
      const message = text.slice(0, at);
      text = text.slice(at + separator.length);
      return message;
    },
    close: () => aborter.abort(),
  };
}

// One message of an SSE stream, parsed; null at the end.
export async function nextEvent(stream) {
  const event = await stream.next('\n\n');
  return event === null ? null : JSON.parse(event.replace(/^\s*data: /, ''));
}
export async function nextLine(stream) {
  const line = await stream.next('\n');
  return line === null ? null : JSON.parse(line);
}
