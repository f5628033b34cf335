package Requests;

# Copyright (C) ngx_chat_module contributors

# Requests made from docs/api.yaml: for each operation one that the contract
# allows, and what becomes of it when somebody plays with it.  All chance comes
# from rand(), so that a seed brings the same requests again.
#
# A request is a hash: operation, method, path and query below the API, body
# (bytes, or undef for none), headers (name => value, undef takes one away),
# and, when it is not well-formed HTTP, rough (why).

use v5.36;

use Cpanel::JSON::XS ();
use Encode ();

use OpenAPI ();

my $json = Cpanel::JSON::XS->new->utf8->allow_nonref->canonical;

# what a person may type, in bytes of one to four

my @letters = ('a' .. 'z', 'A' .. 'Z', 0 .. 9, ' ', '.', "\x{e9}", "\x{df}",
               "\x{4e2d}", "\x{1f642}", '<', '&', '"', '\\', "'", '/');

# and what nobody should

my @odd = ("\0", "\x01", "\e[31m", "\x7f", "\x{85}", "\x{ad}", "\x{200b}",
           "\x{202e}", "\x{2028}", "\x{feff}", "\x{ffff}", "\x{10ffff}",
           "a\x{300}", "\r\n", "\t", '${x}', '%s%n', "' OR 1=1 --",
           '<script>', '../../etc/passwd', '{{7*7}}');

my @numbers = qw(0 -0 1 -1 1.0 1.5 -1.5 1e0 1e3 1e400 -1e400 2147483648
                 4294967296 9007199254740993 9223372036854775807
                 9223372036854775808 -9223372036854775808
                 -9223372036854775809 18446744073709551616 1e-400);

my @methods = qw(GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND FOO);


sub new ($class, %opt) {
    my $self = bless { contract => OpenAPI->contract, %opt }, $class;
    my $paths = $self->{contract}{doc}{paths};

    # what has a server of its own stands elsewhere

    for my $path (grep { !$paths->{$_}{servers} } sort keys %$paths) {
        for my $method (sort keys %{ $paths->{$path} }) {
            my $is = $paths->{$path}{$method};

            next if ref $is ne 'HASH' || !$is->{operationId};

            push @{ $self->{operations} }, {
                %$is, path => $path =~ s{^/}{}r, method => uc $method,
                schema => $self->_schema_of($is),
                parameters => [ map { $self->_deref($_) }
                                @{ $is->{parameters} // [] } ],
            };
        }
    }

    return $self;
}


sub operations ($self) { @{ $self->{operations} } }


# what is made of parts is an object with the members of all

sub _deref ($self, $node) {
    $node = $self->{contract}->_deref($node);

    my @parts = map { $self->_deref($_) } @{ $node->{allOf} // [] }
        or return $node;

    return {
        type => 'object',
        properties => { map { %{ $_->{properties} // {} } } @parts },
        required => [ map { @{ $_->{required} // [] } } @parts ],
    };
}


sub _schema_of ($self, $operation) {
    my $body = $operation->{requestBody} or return undef;
    return $self->_deref($body)->{content}{'application/json'}{schema};
}


sub any { $_[rand @_] }
sub often ($chance) { rand() < $chance }


# as the contract wants it

# "fill" is given by the test: what only the server knows, such as an id.

sub valid ($self, $operation, %fill) {
    my %request = (operation => $operation, method => $operation->{method},
                   headers => {}, query => {}, path => $operation->{path});

    for my $parameter (@{ $operation->{parameters} }) {
        my ($name, $in) = @$parameter{qw(name in)};
        my $value = $fill{$name} // $self->value($parameter->{schema});

        next if $in eq 'query' && !$parameter->{required}
                && !exists $fill{$name} && often(0.5);

        $in eq 'path' ? $request{path} =~ s/\{\Q$name\E\}/$value/
                      : ($request{query}{$name} = $value);
    }

    if (my $schema = $operation->{schema}) {
        my $body = $self->value($schema);

        exists $body->{$_} || often(0.5) and $body->{$_} = $fill{$_}
            for grep { $self->_deref($schema)->{properties}{$_} }
            sort keys %fill;

        $request{data} = $body;
        $request{body} = $json->encode($body);
    }

    return \%request;
}


sub value ($self, $schema) {
    $schema = $self->_deref($schema);

    return any(@{ $schema->{enum} }) if $schema->{enum};
    return $schema->{const} if exists $schema->{const};
    return $self->value(any(@{ $schema->{oneOf} })) if $schema->{oneOf};

    my $type = $schema->{type};
    $type = any(@$type) if ref $type;

    my $make = $self->can("_make_$type") // die "no values of type $type\n";

    return $self->$make($schema);
}


sub _make_null ($self, $schema) { undef }
sub _make_boolean ($self, $schema) { any(\1, \0) }


sub _make_integer ($self, $schema) {
    my $least = $schema->{minimum} // 0;
    my $most = $schema->{maximum} // $least + 1000;

    return any($least, $most, $least + int rand($most - $least + 1));
}


sub _make_string ($self, $schema) {
    return pattern($schema->{pattern}) if $schema->{pattern};

    my $least = $schema->{minLength} // 1;
    my $most = $schema->{maxLength} // 40;
    my $length = any($least, $least, $most, $least + int rand(30),
                     $least + int rand(30), $least + int rand(30));

    $length = $most if $length > $most;
    $length = 1 if $length < 1;

    # a letter first, so that it is never blank

    return join '', any('a' .. 'z'), map { any(@letters) } 2 .. $length;
}


sub _make_array ($self, $schema) {
    return [ map { $self->value($schema->{items}) } 1 .. int rand 4 ];
}


sub _make_object ($self, $schema) {
    my %required = map { $_ => 1 } @{ $schema->{required} // [] };
    my $properties = $schema->{properties} // {};

    return {
        map { $_ => $self->value($properties->{$_}) }
        grep { $required{$_} || often(0.5) } sort keys %$properties
    };
}


# A string that a simple pattern allows: letters, sets, groups and counts.

sub pattern ($pattern) {
    my $rest = $pattern =~ s/^\^//r =~ s/\$$//r;
    my $text = '';

    while (length $rest) {
        my ($set, $group);

        if ($rest =~ s/^\[((?:\\.|[^\]])+)\]//) {
            my $inside = $1;
            $set = [ grep { /[$inside]/ } map { chr } 33 .. 126 ];

        } elsif ($rest =~ s/^\(((?:[^()\\]|\\.)*)\)//) {
            $group = $1 =~ s/^\?://r;

        } elsif ($rest =~ s/^\\?(.)//s) {
            $set = [$1];
        }

        my ($least, $most) = (1, 1);

        if ($rest =~ s/^\{(\d+)(?:(,)(\d*))?\}//) {
            ($least, $most) = ($1, !$2 ? $1 : length $3 ? $3 : $1 + 3);

        } elsif ($rest =~ s/^([*+?])//) {
            ($least, $most) = @{ { '*' => [0, 3], '+' => [1, 4],
                                   '?' => [0, 1] }->{$1} };
        }

        $text .= defined $group ? pattern($group) : any(@$set)
            for 1 .. $least + int rand($most - $least + 1);
    }

    return $text;
}


# and as somebody might send it

my @changes = (
    [8, \&_change_body], [4, \&_change_bytes], [3, \&_change_query],
    [3, \&_change_path], [2, \&_change_method], [2, \&_change_type],
    [3, \&_change_headers], [3, \&_change_transfer],
);


sub mutate ($self, $request) {
    my @all = map { ($_->[1]) x $_->[0] } @changes;

    for (1 .. any(1, 1, 1, 2, 3)) {
        $self->${ \any(@all) }($request);
    }

    return $request;
}


sub _change_body ($self, $request) {
    my $body = $request->{data} // return;

    for (1 .. any(1, 1, 2)) {
        my ($at, $name) = place($body);
        my $what = any(qw(drop add null type long odd number empty));

        if ($what eq 'drop') {
            delete $at->{$name} if defined $name;

        } elsif ($what eq 'add' || !defined $name) {
            $at->{ any('extra', '', "\x{e9}", 'constructor', 'a' x 500) }
                = strange();

        } elsif ($what eq 'long') {
            my $unit = any('x', "\x{1f642}", "\x{e9}", ' ', "\n");
            $at->{$name} = $unit x any(65, 101, 201, 301, 2001, 4000, 4001,
                                       20_000, 70_000);

        } elsif ($what eq 'odd') {
            $at->{$name} = any('', 'a', 'hello ') . any(@odd) . any('', 'z');

        } else {
            $at->{$name} = $what eq 'null' ? undef
                         : $what eq 'number' ? bless(\any(@numbers), 'Number')
                         : $what eq 'empty' ? any('', {}, [], ' ', "\x{a0}")
                         : strange();
        }
    }

    $request->{body} = encode($body);
}


# an object in the body, and one of its names

sub place ($body) {
    my @names = sort keys %$body;
    my $name = any(@names);

    return place($body->{$name})
        if defined $name && ref $body->{$name} eq 'HASH' && often(0.7);

    return ($body, $name);
}


sub strange () {
    return any(undef, \1, \0, 0, -1, '', 'text', [], {}, [1, [2, [3]]],
               { a => { b => {} } }, '0', 'true', 'null', "\x{1f642}",
               bless(\any(@numbers), 'Number'));
}


# As $json would, but numbers as they are written.

sub encode ($value) {
    return $$value if ref $value eq 'Number';

    return '[' . join(',', map { encode($_) } @$value) . ']'
        if ref $value eq 'ARRAY';

    return '{' . join(',', map { $json->encode("$_") . ':'
                                 . encode($value->{$_}) }
                       sort keys %$value) . '}'
        if ref $value eq 'HASH';

    return $json->encode($value);
}


sub _change_bytes ($self, $request) {
    my $body = $request->{body} // '{}';
    my $at = int rand(1 + length $body);
    my $deep = any(5, 15, 16, 17, 100, 5000);

    $request->{body} = any(
        sub { substr $body, 0, $at },
        sub { substr($body, $at, 1, chr int rand 256) if length $body; $body },
        sub { substr($body, $at, 0, any("\xff", "\xc0\x80", "\xed\xa0\x80",
                                        "\xf4\x90\x80\x80", "\0")); $body },
        sub { $body =~ s/\{("[^"]*":)/{$1null,$1/; $body },
        sub { $body =~ s/\}\s*\z/,"x":@{[nest($deep)]}}/; $body },
        sub { nest($deep) },
        sub { '{' . join(',', map { "\"k$_\":$_" } 1 .. any(127, 128, 300))
              . '}' },
        sub { '{"x":[' . join(',', (0) x any(4000, 5000)) . ']}' },
        sub { "\xef\xbb\xbf$body" },
        sub { $body . any(' ', "\n", 'x', '{}', ',', "\0") },
        sub { Encode::encode('UTF-16', $body) },
        sub { $body =~ tr/"/'/r },
        sub { any('', ' ', 'null', '[]', '"text"', '1', '{', '}', '{}', '[',
                  '{"a"}', '{"a":}', '{,}', '/**/{}', "{\"a\":\"\n\"}",
                  '{"\ud800":1}', '{"a":"\udc00"}', '{"a":"\u0000"}', 'NaN',
                  '{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":1.}') },
        sub { join '', map { chr int rand 256 } 1 .. 1 + int rand 200 },
        sub { $body . ' ' x any(60_000, 65_536, 66_000, 200_000) },
    )->();
}


sub nest ($deep) { '[' x $deep . ']' x $deep }


sub _change_query ($self, $request) {
    my $query = $request->{query};
    my @names = sort map { $_->{name} }
                grep { $_->{in} eq 'query' }
                @{ $request->{operation}{parameters} };

    my $name = @names ? any(@names) : 'after';

    if (often(0.3)) {
        delete $query->{$name};

    } elsif (often(0.3)) {
        $query->{ any('extra', 'AFTER', 'wait[]', 'a' x 3000, '') }
            = any('', 1, 'x' x 2000, '%00', '&&&', '%');

    } else {
        $query->{$name} = any('', '-1', '+1', ' 1', '1.5', '0x1', '1e3', '%31',
            'x', '0', '00', '101', '3601', '99999999999999999999',
            '9223372036854775807', '9223372036854775808', 'null', '1&1',
            '%00', "\x{e9}", '1' x 500, 'OPEN', 'open,closed');
    }
}


sub _change_path ($self, $request) {
    my $path = \$request->{path};
    my $wrong = any(qw(0 -1 00 1.5 x %39%39%39%39 999999 1e3 9223372036854775807
                       9223372036854775808 99999999999999999999 :id {id}));

    return if $request->{operation}{path} =~ /\{id\}/ && often(0.6)
              && $$path =~ s{/\d+(?=/|\z)}{/$wrong};

    $$path = any(
        "$$path/", "/$$path", "$$path//", uc $$path, "$$path%00", "$$path.json",
        "./$$path", "x/../$$path", "%2e%2e/$$path", '', '/', 'x' x 5000,
        "$$path;a=b", "$$path%", "$$path%zz", ($$path =~ s{/}{%2f}r),
        substr($$path, 0, int rand length $$path), "$$path\xff",
    );

    # what nginx itself turns down, or makes another path of

    $request->{rough} //= 'path' if $$path =~ m{%|\./|//|^/};
}


sub _change_method ($self, $request) {
    $request->{method} = any(@methods);
    $request->{rough} //= 'method' if $request->{method} eq 'TRACE';
}


sub _change_type ($self, $request) {
    $request->{headers}{'Content-Type'} = any(
        undef, '', 'text/plain', 'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x', 'application/json;', ';',
        'APPLICATION/JSON', 'application/json; charset=utf-16',
        'application/json ; charset=utf-8', 'application/jsonp', 'json',
        'application/json, text/plain', 'x' x 3000,
    );
}


sub _change_headers ($self, $request) {
    my ($name, @values) = @{ any(
        ['Accept', '', '*/*', 'text/event-stream', 'text/event-stream;q=0',
         'application/xml', ',' x 2000, 'TEXT/EVENT-STREAM, a', "\xff"],
        ['Accept-Language', '', 'fr', 'de;q=2', '*', ';q=', ',,,', "\xff",
         'xx-' . 'y' x 3000, 'en;q=0,fr;q=0', 'fr, ' x 500],
        ['Last-Event-ID', '', '0', '5', '-1', 'x', '1.5', "\xff",
         '99999999999999999999'],
        ['Origin', undef, '', 'null', 'https://evil.example', 'x://', '://',
         'http://127.0.0.1', '/', 'x' x 3000],
        ['Sec-Fetch-Site', 'same-origin', 'cross-site', 'none', ''],
        ['Authorization', '', 'Bearer', 'Bearer ', 'Bearer x', 'Basic eDp5',
         'Bearer ' . 'A' x 43, 'Bearer ' . 'A' x 4000, "Bearer \xff"],
        ['Cookie', '', 'chat_visitor', 'chat_visitor=', 'chat_visitor=x',
         'chat_visitor=' . 'A' x 43, ';;;=;', 'a=b; ' x 700,
         'chat_operator=' . 'A' x 43, 'chat_visitor=x; chat_visitor=y',
         'chat_operator=x, chat_visitor=y', "chat_visitor=\xff",
         'chat_operator="' . 'A' x 43 . '"', 'chat_visitor =x'],
        ['X-Forwarded-For', '1.2.3.4, 5.6.7.8', 'x', '::1'],
        ['Content-Encoding', 'gzip', 'br'],
        ['Range', 'bytes=0-1'], ['If-None-Match', '*'],
        ['If-Modified-Since', 'x'], ['Connection', 'close', 'upgrade'],
    ) };

    $request->{headers}{$name} = any(@values);
}


# How it goes over the wire: the body in chunks, or with a length that is not
# its own.

sub _change_transfer ($self, $request) {
    $request->{body} // return;

    my $how = any(qw(chunks tiny extension badchunk short long both expect old
                     huge));

    $request->{transfer} = $how;
    $request->{rough} = $how
        if $how =~ /^(?:badchunk|short|long|both|huge|extension)$/;
}


1;
