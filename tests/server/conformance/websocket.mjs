// Gives Node before version 22 the WebSocket that the suite expects of its runtime.
import WebSocket from "ws";

globalThis.WebSocket ??= WebSocket;
