package OpenAPI;

# Copyright (C) ngx_chat_module contributors

# Holds answers against docs/api.yaml: the path, the method and the status
# must be described there, the content type listed, and the body must have
# the shape that is promised.  An error may be answered on any path.

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use JSON::Validator::Schema::Draft201909 ();
use YAML::XS ();

my $file = abs_path(dirname(__FILE__) . '/../..') . '/docs/api.yaml';


sub contract ($class) {
    state $contract = $class->new($file);
    return $contract;
}


sub new ($class, $path) {
    local $YAML::XS::Boolean = 'JSON::PP';

    my $self = bless { doc => YAML::XS::LoadFile($path) }, $class;

    # literal paths come before those with parameters

    $self->{routes} = [
        map {
            my $pattern = quotemeta $_;
            $pattern =~ s/\\\{\w+\\\}/[^\/]+/g;
            { path => $_, pattern => qr/^$pattern$/ };
        }
        sort { ($a =~ tr/{//) <=> ($b =~ tr/{//) || $a cmp $b }
        keys %{ $self->{doc}{paths} }
    ];

    return $self;
}


# those of the API: what has a server of its own stands elsewhere

sub paths ($self) {
    return grep { !$self->{doc}{paths}{$_}{servers} }
           map { $_->{path} } @{ $self->{routes} };
}


sub errors ($self, $tx, $path) {
    my $res = $tx->res;
    my $method = lc $tx->req->method;
    my ($route) = grep { $path =~ $_->{pattern} } @{ $self->{routes} };
    my $item = $route && $self->{doc}{paths}{ $route->{path} };

    return $self->_problem($res, 404) if !$item;

    # HEAD is GET without its body

    return if $method eq 'head' && $item->{get};
    return $self->_preflight($res) if $method eq 'options';
    return $self->_problem($res, 405) if !$item->{$method};

    my $responses = $item->{$method}{responses};
    my $described = $responses->{ $res->code }
                    // ($res->code >= 400 ? $responses->{default} : undef);

    return 'this status is not described' if !$described;

    return $self->_body($self->_deref($described), $res);
}


# An address or a method that nobody described; hostile requests may be
# turned away by nginx itself, or earlier for another reason.

sub _problem ($self, $res, @expected) {
    return 'this path or method is not described' if $res->code < 400;

    return $self->_body(
        $self->_deref({ '$ref' => '#/components/responses/Problem' }), $res);
}


sub _preflight ($self, $res) {
    return if $res->code == 204 || $res->code == 200;
    return $self->_problem($res);
}


sub _body ($self, $described, $res) {
    my $content = $described->{content};
    my $type = $res->headers->content_type // '';
    $type =~ s/\s*;.*//;

    if (!$content) {
        return $res->body eq '' ? () : 'there is a body where none is described';
    }

    my $media = $content->{$type}
        or return "content type \"$type\" is not described";

    return if !$media->{schema} || $type !~ /json/;

    my $json = eval { Mojo::JSON::decode_json($res->body) };
    return "the body is not JSON: $@" if $@;

    my @errors = $self->_validate($media->{schema}, $json);

    if ($type eq 'application/problem+json' && !@errors
        && $json->{status} != $res->code)
    {
        push @errors, "the problem's status is $json->{status}";
    }

    return @errors;
}


# Holds a value against a schema by its name.

sub check ($self, $name, $value) {
    return $self->_validate({ '$ref' => "#/components/schemas/$name" }, $value);
}


sub _validate ($self, $schema, $value) {
    my $validator = $self->{validators}{ $schema->{'$ref'} // $schema }
        ||= JSON::Validator::Schema::Draft201909->new({
            %$schema, components => $self->{doc}{components},
        });

    return _telling(map { "$_" } $validator->validate($value));
}


# Of the events that one could have been, only those of its own type say what
# is wrong with it.

sub _telling (@errors) {
    my %other;

    for (@errors) {
        $other{$1} = 1 if m{: (/oneOf/\d+) Does not match const};
    }

    my @told = grep { !m{: (/oneOf/\d+) } || !$other{$1} } @errors;

    return @told ? @told : @errors;
}


sub _deref ($self, $node) {
    while (my $ref = $node->{'$ref'}) {
        my $at = $self->{doc};
        $at = $at->{$_} // die "$ref leads nowhere\n"
            for split m{/}, $ref =~ s{^#/}{}r;
        $node = $at;
    }

    return $node;
}


1;
