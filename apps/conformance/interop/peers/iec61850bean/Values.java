import com.beanit.openiec61850.Array;
import com.beanit.openiec61850.BasicDataAttribute;
import com.beanit.openiec61850.BdaBitString;
import com.beanit.openiec61850.BdaBoolean;
import com.beanit.openiec61850.BdaFloat32;
import com.beanit.openiec61850.BdaFloat64;
import com.beanit.openiec61850.BdaInt16;
import com.beanit.openiec61850.BdaInt16U;
import com.beanit.openiec61850.BdaInt32;
import com.beanit.openiec61850.BdaInt32U;
import com.beanit.openiec61850.BdaInt64;
import com.beanit.openiec61850.BdaInt8;
import com.beanit.openiec61850.BdaInt8U;
import com.beanit.openiec61850.BdaOctetString;
import com.beanit.openiec61850.BdaTimestamp;
import com.beanit.openiec61850.BdaUnicodeString;
import com.beanit.openiec61850.BdaVisibleString;
import com.beanit.openiec61850.Fc;
import com.beanit.openiec61850.FcModelNode;
import com.beanit.openiec61850.ModelNode;
import com.beanit.openiec61850.ServerModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Between the data attributes of the library and the values and types of the line protocol. */
final class Values {
  private Values() {}

  /** The node of an MMS name such as domain, `GGIO1$MX$AnIn1$mag$f`, with `(i)` after an array; null when there is none. */
  static FcModelNode find(ServerModel model, String domain, String item) {
    String[] names = item.split("\\$");
    if (names.length < 3) {
      throw new Lines.NotOffered("the library has no calls for whole logical nodes or functional constraints");
    }
    ModelNode node = model.getChild(domain);
    if (node == null || (node = node.getChild(names[0])) == null) {
      return null;
    }
    Fc fc = Fc.fromString(names[1]);
    for (int i = 2; i < names.length && node != null; i++) {
      int open = names[i].indexOf('(');
      String name = open < 0 ? names[i] : names[i].substring(0, open);
      node = i == 2 ? node.getChild(name, fc) : node.getChild(name);
      if (open >= 0 && node instanceof Array array) {
        node = array.getChild(Integer.parseInt(names[i].substring(open + 1, names[i].length() - 1)));
      }
    }
    return (FcModelNode) node;
  }

  static Map<String, Object> toJson(ModelNode node) {
    if (node instanceof Array || !(node instanceof BasicDataAttribute)) {
      List<Object> parts = new ArrayList<>();
      for (ModelNode child : node.getChildren()) {
        parts.add(toJson(child));
      }
      return Lines.object(node instanceof Array ? "array" : "structure", parts);
    }
    return Lines.object(kind(node), value(node));
  }

  static Map<String, Object> typeOf(ModelNode node) {
    if (node instanceof Array array) {
      return Lines.object("array", typeOf(array.getChild(0)), "count", array.size());
    }
    if (node instanceof BasicDataAttribute) {
      return Lines.object(kind(node), null);
    }
    Map<String, Object> members = Lines.object();
    for (ModelNode child : node.getChildren()) {
      members.put(child.getName(), typeOf(child));
    }
    return Lines.object("structure", members);
  }

  static String kind(ModelNode node) {
    if (node instanceof BdaBoolean) {
      return "boolean";
    }
    if (node instanceof BdaInt8U || node instanceof BdaInt16U || node instanceof BdaInt32U) {
      return "unsigned";
    }
    if (node instanceof BdaInt8 || node instanceof BdaInt16 || node instanceof BdaInt32 || node instanceof BdaInt64) {
      return "integer";
    }
    if (node instanceof BdaFloat32 || node instanceof BdaFloat64) {
      return "floating-point";
    }
    if (node instanceof BdaBitString) {
      return "bit-string";
    }
    if (node instanceof BdaTimestamp) {
      return "utc-time";
    }
    if (node instanceof BdaOctetString) {
      return "octet-string";
    }
    return node instanceof BdaUnicodeString ? "mMSString" : "visible-string";
  }

  private static Object value(ModelNode node) {
    if (node instanceof BdaBoolean b) {
      return b.getValue();
    }
    if (node instanceof BdaInt8 i) {
      return i.getValue();
    }
    if (node instanceof BdaInt16 i) {
      return i.getValue();
    }
    if (node instanceof BdaInt32 i) {
      return i.getValue();
    }
    if (node instanceof BdaInt64 i) {
      return i.getValue();
    }
    if (node instanceof BdaInt8U i) {
      return i.getValue();
    }
    if (node instanceof BdaInt16U i) {
      return i.getValue();
    }
    if (node instanceof BdaInt32U i) {
      return i.getValue();
    }
    if (node instanceof BdaFloat32 f) {
      return f.getFloat();
    }
    if (node instanceof BdaFloat64 f) {
      return f.getDouble();
    }
    if (node instanceof BdaBitString b) {
      return bits(b.getValue(), b.getMaxNumBits());
    }
    if (node instanceof BdaTimestamp t) {
      return HexFormat.of().formatHex(t.getValue());
    }
    if (node instanceof BdaOctetString o) {
      return HexFormat.of().formatHex(o.getValue());
    }
    if (node instanceof BdaUnicodeString s) {
      return new String(s.getValue(), StandardCharsets.UTF_8);
    }
    return node instanceof BdaVisibleString s ? s.getStringValue() : null;
  }

  static String bits(byte[] octets, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((octets[i / 8] >> (7 - i % 8) & 1) == 1 ? '1' : '0');
    }
    return text.toString();
  }

  static void set(FcModelNode node, String text) {
    if (node instanceof BdaBoolean b) {
      b.setValue(text.equals("true"));
    } else if (node instanceof BdaInt8 i) {
      i.setValue(Byte.parseByte(text));
    } else if (node instanceof BdaInt16 i) {
      i.setValue(Short.parseShort(text));
    } else if (node instanceof BdaInt32 i) {
      i.setValue(Integer.parseInt(text));
    } else if (node instanceof BdaInt64 i) {
      i.setValue(Long.parseLong(text));
    } else if (node instanceof BdaInt8U i) {
      i.setValue(Short.parseShort(text));
    } else if (node instanceof BdaInt16U i) {
      i.setValue(Integer.parseInt(text));
    } else if (node instanceof BdaInt32U i) {
      i.setValue(Long.parseLong(text));
    } else if (node instanceof BdaFloat32 f) {
      f.setFloat(Float.parseFloat(text));
    } else if (node instanceof BdaFloat64 f) {
      f.setDouble(Double.parseDouble(text));
    } else if (node instanceof BdaBitString b) {
      byte[] octets = new byte[(text.length() + 7) / 8];
      for (int i = 0; i < text.length(); i++) {
        octets[i / 8] |= (byte) ((text.charAt(i) - '0') << (7 - i % 8));
      }
      b.setValue(octets);
    } else if (node instanceof BdaTimestamp t) {
      t.setValue(HexFormat.of().parseHex(text));
    } else if (node instanceof BdaOctetString o) {
      o.setValue(HexFormat.of().parseHex(text));
    } else if (node instanceof BdaUnicodeString s) {
      s.setValue(text.getBytes(StandardCharsets.UTF_8));
    } else if (node instanceof BdaVisibleString s) {
      s.setValue(text.getBytes(StandardCharsets.UTF_8));
    } else {
      throw new IllegalArgumentException("no value for " + node.getReference());
    }
  }
}
