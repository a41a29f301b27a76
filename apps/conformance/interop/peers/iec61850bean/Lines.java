import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the two Java adapters share: the line protocol of ../../README.md, arguments, the deadline, and JSON. */
final class Lines {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Lines() {}

  /** The peer's interface has no such call. */
  static final class NotOffered extends RuntimeException {
    NotOffered(String reason) {
      super(reason);
    }
  }

  /** The call ended in an error of the peer. */
  static final class Failed extends RuntimeException {
    Failed(String reason) {
      super(reason);
    }
  }

  /** Answers one command; throws NotOffered or anything else for an error. */
  interface Operations {
    Object run(String operation, String[] arguments) throws Exception;
  }

  static Map<String, String> arguments(String[] argv) {
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i + 1 < argv.length; i += 2) {
      found.put(argv[i].substring(2), argv[i + 1]);
    }
    return found;
  }

  static void deadline(long seconds) {
    Thread end =
        new Thread(
            () -> {
              try {
                Thread.sleep(seconds * 1000);
              } catch (InterruptedException e) {
                return;
              }
              emit(object("event", "done", "reason", "own deadline of " + seconds + " s"));
              Runtime.getRuntime().halt(2);
            });
    end.setDaemon(true);
    end.start();
  }

  static BufferedReader input() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  static void serve(Operations operations) throws Exception {
    BufferedReader in = input();
    int n = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      n++;
      String[] parts = line.split("\t", -1);
      if (parts[0].equals("quit")) {
        break;
      }
      long started = System.nanoTime();
      Map<String, Object> answer = object("event", "answer", "n", n, "operation", parts[0]);
      try {
        answer.put("value", operations.run(parts[0], Arrays.copyOfRange(parts, 1, parts.length)));
      } catch (NotOffered reason) {
        answer.put("notOffered", reason.getMessage());
      } catch (Failed reason) {
        answer.put("error", reason.getMessage());
      } catch (Exception reason) {
        answer.put("error", reason.getClass().getSimpleName() + ": " + reason.getMessage());
      }
      answer.put("ms", (System.nanoTime() - started) / 10_000 / 100.0);
      emit(answer);
    }
    emit(object("event", "done"));
    Runtime.getRuntime().halt(0);
  }

  /** Members in pairs: name, value. */
  static Map<String, Object> object(Object... pairs) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      members.put((String) pairs[i], pairs[i + 1]);
    }
    return members;
  }

  static void emit(Map<String, Object> event) {
    StringBuilder text = new StringBuilder();
    write(text, event);
    OUT.println(text);
  }

  private static void write(StringBuilder text, Object value) {
    if (value instanceof Map<?, ?> members) {
      String comma = "";
      text.append('{');
      for (Map.Entry<?, ?> member : members.entrySet()) {
        text.append(comma);
        write(text, member.getKey());
        text.append(':');
        write(text, member.getValue());
        comma = ",";
      }
      text.append('}');
    } else if (value instanceof Collection<?> items) {
      String comma = "";
      text.append('[');
      for (Object item : items) {
        text.append(comma);
        write(text, item);
        comma = ",";
      }
      text.append(']');
    } else if (value instanceof Long number && Math.abs(number) > 1L << 53) {
      text.append('"').append(number).append('"'); // JSON numbers are doubles
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else {
      quote(text, value.toString());
    }
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
