; Installer for Windows, by Inno Setup 6:  iscc /DVersion=0.1.0 installers\windows\latentloom.iss
; It packs dist\latent-loom, which `python -m installers.build` has made.
#ifndef Version
  #error "Say which version: iscc /DVersion=..."
#endif

[Setup]
AppId={{6B1F0E52-3C0C-4B5E-9A5B-0E5B6C1D7A11}
AppName=Latent Loom
AppVersion={#Version}
DefaultDirName={autopf}\Latent Loom
DefaultGroupName=Latent Loom
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
Compression=lzma2/max
SolidCompression=yes
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\dist\work\latentloom\latentloom.ico
UninstallDisplayIcon={app}\latentloom.exe
OutputDir=..\..\dist
OutputBaseFilename=latent-loom-{#Version}-windows-x86_64

[Files]
Source: "..\..\dist\latent-loom\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Latent Loom"; Filename: "{app}\latentloom.exe"; WorkingDir: "{userdocs}"

[Registry]
Root: HKA; Subkey: "Software\Classes\.loom"; ValueType: string; ValueData: "LatentLoom.Bundle"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\LatentLoom.Bundle"; ValueType: string; ValueData: "Latent Loom bundle"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\LatentLoom.Bundle\DefaultIcon"; ValueType: string; ValueData: "{app}\latentloom.exe,0"
Root: HKA; Subkey: "Software\Classes\LatentLoom.Bundle\shell\open\command"; ValueType: string; ValueData: """{app}\latentloom.exe"" ""%1"""

[Run]
Filename: "{app}\latentloom.exe"; Description: "Open Latent Loom"; Flags: nowait postinstall skipifsilent
