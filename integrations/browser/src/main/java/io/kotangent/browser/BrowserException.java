package io.kotangent.browser;

import io.kotangent.type.KotangentException;

/// Why a network cannot go into a browser.
public final class BrowserException extends KotangentException {
  private static final long serialVersionUID = 1;

  BrowserException(String message) {
    super(message);
  }

  BrowserException(String message, Throwable cause) {
    super(message, cause);
  }
}
